using System.Text.Json;

namespace DiffusionSharp.Text;

/// <summary>The tokens of T5 that stand for themselves in a text: end, padding, unknown, and the sentinels <c>&lt;extra_id_0&gt;</c>, <c>&lt;extra_id_1&gt;</c> and so on.</summary>
internal sealed class T5SpecialTokens
{
    private const int DefaultSentinels = 100;

    // T5's has a hundred; more than this is no number of tokens.
    private const int MostSentinels = 1 << 16;

    /// <summary>Reads the tokens of a folder.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="vocabulary">Its pieces.</param>
    /// <param name="added">The tokens that were added to the pieces, or null where only the configuration says it.</param>
    public T5SpecialTokens(TokenizerConfig config, UnigramVocabulary vocabulary, IReadOnlyList<SpecialToken>? added)
    {
        SpecialToken[] tokens = [.. added ?? Sentinels(config, vocabulary), .. config.AddedTokens()];
        SpecialToken unknown = Named("unk_token", vocabulary[vocabulary.UnknownId].Text);
        End = Named("eos_token", "</s>");
        Padding = Named("pad_token", "<pad>");
        All = new SpecialTokens([unknown, End, Padding, .. tokens]);

        SpecialToken Named(string key, string defaultText) => config.Token(key, defaultText, tokens, vocabulary.TryGetId, vocabulary.Path);
    }

    public SpecialToken End { get; }

    public SpecialToken Padding { get; }

    public SpecialTokens All { get; }

    // Behind the pieces, counted down; the last id is that of the first.
    private static IEnumerable<SpecialToken> Sentinels(TokenizerConfig config, UnigramVocabulary vocabulary)
    {
        int count = config.Find("extra_ids") is not var (path, value) ? DefaultSentinels
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number is >= 0 and <= MostSentinels ? number
            : throw new ModelFormatException(path, $"'extra_ids' must be a whole number from 0 to {MostSentinels}, found {value.GetRawText()}.");
        return Enumerable.Range(0, count).Select(i => new SpecialToken($"<extra_id_{i}>", vocabulary.Count + count - 1 - i, StripsBefore: true, StripsAfter: true));
    }
}
