namespace DiffusionSharp.Text;

/// <summary>Which mean of a prompt's vectors weights leave as it was: what is weighted is scaled by the mean before over the mean after.</summary>
public enum PromptMean
{
    /// <summary>None: vectors are as the weights make them.</summary>
    Free,

    /// <summary>That of each chunk, over all entries of the prompt.</summary>
    OfChunk,

    /// <summary>That of an entry.</summary>
    OfEntry,
}
