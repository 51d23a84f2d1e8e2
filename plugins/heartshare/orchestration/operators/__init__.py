"""Airflow operators, one per step of the pipeline."""
