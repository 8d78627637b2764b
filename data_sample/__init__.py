"""The sample site Sandviken: real places, made-up answers."""
