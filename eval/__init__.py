"""Metrics, baselines, scores with intervals, and the gate a new model has to pass."""
