namespace DiffusionSharp.Samples.Evaluation;

/// <summary>A rectangle of a picture, in pixels.</summary>
internal readonly record struct PicturePart(int Top, int Left, int Height, int Width);
