namespace DiffusionSharp.Samples.Evaluation;

/// <summary>A colour that captions name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Rgb">Red, green and blue, 0 to 255.</param>
/// <param name="Ink">The gray of ink that can be seen on it.</param>
internal sealed record Background(string Name, IReadOnlyList<int> Rgb, int Ink);
