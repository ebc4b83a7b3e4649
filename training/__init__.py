"""Fine-tuning the paragraph labeller and the headline writer, and retraining them."""
