namespace DiffusionSharp.Text;

/// <summary>What compel puts at the first end token of each chunk of a longer prompt.</summary>
public enum CompelEndTokens
{
    /// <summary>Its own vector.</summary>
    Own,

    /// <summary>That of the first chunk.</summary>
    First,

    /// <summary>The mean of all.</summary>
    Mean,
}
