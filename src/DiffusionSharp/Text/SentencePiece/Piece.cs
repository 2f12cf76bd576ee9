namespace DiffusionSharp.Text;

/// <summary>A token of a SentencePiece model; its id is its place in the list.</summary>
/// <param name="Text">How a text spells it, with U+2581 for a space.</param>
/// <param name="Score">Its log probability.</param>
/// <param name="Kind">What it stands for.</param>
internal readonly record struct Piece(string Text, float Score, PieceKind Kind);

/// <summary>The kinds of pieces, with the numbers of the file format.</summary>
internal enum PieceKind
{
    /// <summary>A part of texts.</summary>
    Normal = 1,

    /// <summary>What stands for characters without a piece.</summary>
    Unknown = 2,

    /// <summary>A mark such as the end of a text, which no text contains.</summary>
    Control = 3,

    /// <summary>A part of texts that always is one token and is not normalised.</summary>
    UserDefined = 4,

    /// <summary>Never used.</summary>
    Unused = 5,

    /// <summary>One byte of a character without a piece.</summary>
    Byte = 6,
}
