"""The programmes: their dated limits, conditions and amounts; whom they are open to, what they give."""
