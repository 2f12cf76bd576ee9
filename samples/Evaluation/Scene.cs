namespace DiffusionSharp.Samples.Evaluation;

/// <summary>One emoji in full size and in some style, or small at some position, or two small ones in some relation.</summary>
/// <param name="First">The emoji: of two the left or the upper one.</param>
/// <param name="Background">The colour behind it.</param>
/// <param name="Style">How it is drawn, in full size.</param>
/// <param name="Position">Where a small one is; null in full size.</param>
/// <param name="Second">The other of two emojis.</param>
/// <param name="Relation">How two emojis are placed: a key of <see cref="EvaluationSet.PairPlaces"/>.</param>
internal sealed record Scene(int First, int Background, int Style, int? Position, int? Second, string? Relation);
