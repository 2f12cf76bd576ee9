namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>
/// The fixtures' CLIP-format vocabulary: 256 bytes, the same 256 at the end of a word, the merges "re", "red</w>" and "bl" from id 512
/// on, then begin and end.
/// </summary>
internal static class MiniVocabulary
{
    private const int Begin = 515;
    private const int End = 516;

    /// <summary>What the fixtures' text encoder makes of a prompt on average: the mean of id/1024 + d/4 over 8 tokens and d from 0 to 3.</summary>
    public static double MeanContext(string prompt) => (Ids(prompt).Average() / 1024) + 0.375;

    private static int[] Ids(string prompt) => prompt switch
    {
        "" => [Begin, End, End, End, End, End, End, End],
        "red" => [Begin, 513, End, End, End, End, End, End],
        // A letter's id is its place behind '!', the first printable character.
        "blue" => [Begin, 514, 'u' - '!', 256 + 'e' - '!', End, End, End, End],
        _ => throw new ArgumentOutOfRangeException(nameof(prompt)),
    };
}
