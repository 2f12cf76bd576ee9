namespace DiffusionSharp.Text;

/// <summary>A piece of a prompt and its weight.</summary>
/// <param name="Text">The piece, without the syntax around it.</param>
/// <param name="Weight">Its weight; 1 for what is not emphasized.</param>
public readonly record struct WeightedText(string Text, double Weight);
