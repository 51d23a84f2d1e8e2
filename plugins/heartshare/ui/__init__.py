"""Pages inside Airflow: report archive, gate history, export inbox, people."""
