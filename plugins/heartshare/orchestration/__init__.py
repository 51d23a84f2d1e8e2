"""Run the pipeline's steps, from Airflow or in one process."""
