namespace DiffusionSharp.Samples.Evaluation;

/// <summary>A way in which an emoji can be drawn.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inked">Whether it is drawn in the ink of the background, its picture saying only where.</param>
internal sealed record Style(string Name, bool Inked);
