"""What people are told of by letter: at once, in a digest or not at all; and who gets the letters of somebody who is away."""
