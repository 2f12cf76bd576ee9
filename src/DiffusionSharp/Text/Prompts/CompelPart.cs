namespace DiffusionSharp.Text;

/// <summary>One of the prompts that <c>.and()</c> puts one behind another, or all of one without it.</summary>
/// <param name="Blended">The prompts whose embeddings are added; one where nothing is blended. Each is its pieces and their weights.</param>
/// <param name="Shares">What each of them is multiplied with.</param>
public sealed record CompelPart(IReadOnlyList<IReadOnlyList<WeightedText>> Blended, IReadOnlyList<double> Shares)
{
    /// <summary>How strong it is: below 1 towards the embedding of an empty prompt, above 1 away from it.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whether shares are divided by their sum.</summary>
    public bool Normalizes { get; init; } = true;
}
