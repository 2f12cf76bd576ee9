namespace DiffusionSharp.Text;

/// <summary>Where compel cuts a prompt into chunks, if it can; else at the next lower place.</summary>
public enum CompelSplit
{
    /// <summary>Where a chunk is full.</summary>
    Tokens,

    /// <summary>Behind a word.</summary>
    Words,

    /// <summary>Behind a comma, colon, semicolon or full stop.</summary>
    Phrases,

    /// <summary>Behind a full stop.</summary>
    Sentences,
}
