using System.Text.Json;

namespace DiffusionSharp.Text;

/// <summary>Reads the unigram model of a <c>tokenizer.json</c>, as Hugging Face transformers converts T5's.</summary>
internal static class UnigramJson
{
    public static SentencePieceModel Read(TokenizerJson file)
    {
        file.Require("T5", "type", "Unigram");
        JsonElement[] vocabulary = [.. file.ModelPart("vocab", JsonValueKind.Array).EnumerateArray()];
        JsonElement unknown = file.ModelPart("unk_id", JsonValueKind.Number);
        int unknownId = unknown.TryGetInt32(out int id) && id >= 0 && id < vocabulary.Length ? id : throw file.Wrong("model.unk_id", "the id of a token", unknown);
        bool hasBytes = TokenizerJson.IsTrue(file.Model, "byte_fallback");
        HashSet<string> added = [.. file.AddedTokens.Select(token => token.Text)];
        var model = new SentencePieceModel
        {
            Path = file.Path,
            HasByteFallback = hasBytes,
            AddsSpace = false,
            MergesSpaces = false,
            EscapesSpaces = false,
            Pieces = [.. vocabulary.Select((piece, id) => ReadPiece(file, piece) switch
            {
                var known when id == unknownId => known with { Kind = PieceKind.Unknown },
                var known when hasBytes && UnigramVocabulary.TryParseByte(known.Text, out _) => known with { Kind = PieceKind.Byte },
                var known when added.Contains(known.Text) => known with { Kind = PieceKind.Control },
                var known => known,
            })],
        };
        return ReadSplitting(file, file.Find("pre_tokenizer"), ReadNormalizer(file, file.Find("normalizer"), model));
    }

    private static Piece ReadPiece(TokenizerJson file, JsonElement piece) =>
        piece.ValueKind == JsonValueKind.Array && piece.GetArrayLength() == 2 && TokenizerJson.Text(piece[0]) is { } text && piece[1].ValueKind == JsonValueKind.Number
            ? new Piece(text, piece[1].GetSingle(), PieceKind.Normal)
            : throw file.Wrong("model.vocab", "a list of tokens and their scores", piece);

    // Runs of spaces are replaced and ends are stripped where a SentencePiece model merges spaces.
    private static SentencePieceModel ReadNormalizer(TokenizerJson file, JsonElement? normalizer, SentencePieceModel model) => (normalizer, Type(normalizer)) switch
    {
        (null, _) => model,
        ({ } sequence, "Sequence") => Parts(sequence, "normalizers").Aggregate(model, (so, part) => ReadNormalizer(file, part, so)),
        ({ } map, "Precompiled") => model with { CharacterMap = ReadMap(file, map) },
        ({ } replace, "Replace") when TokenizerJson.Text(TokenizerJson.Member(replace, "pattern", JsonValueKind.Object), "Regex") == " {2,}" => model with { MergesSpaces = true },
        (_, "Strip") => model with { MergesSpaces = true },
        ({ } other, _) => throw file.Wrong("normalizer", "one of T5's", other),
    };

    private static SentencePieceModel ReadSplitting(TokenizerJson file, JsonElement? splitting, SentencePieceModel model) => (splitting, Type(splitting)) switch
    {
        (null, _) => model,
        ({ } sequence, "Sequence") => Parts(sequence, "pretokenizers").Aggregate(model, (so, part) => ReadSplitting(file, part, so)),
        (_, "WhitespaceSplit") => model with { MergesSpaces = true },
        ({ } spaces, "Metaspace") when (TokenizerJson.Text(spaces, "prepend_scheme") ?? (TokenizerJson.IsTrue(spaces, "add_prefix_space") ? "always" : "never")) is var scheme =>
            model with { EscapesSpaces = true, AddsSpace = scheme != "never", AddsSpaceOnce = scheme == "first" },
        ({ } other, _) => throw file.Wrong("pre_tokenizer", "one of T5's", other),
    };

    private static byte[] ReadMap(TokenizerJson file, JsonElement normalizer)
    {
        try
        {
            return Convert.FromBase64String(TokenizerJson.Text(normalizer, "precompiled_charsmap") ?? "");
        }
        catch (FormatException e)
        {
            throw new ModelFormatException(file.Path, "the key 'normalizer.precompiled_charsmap' must be a text in Base64.", e);
        }
    }

    private static string? Type(JsonElement? part) => TokenizerJson.Text(part, "type");

    private static JsonElement[] Parts(JsonElement sequence, string key) =>
        TokenizerJson.Member(sequence, key, JsonValueKind.Array) is { } parts ? [.. parts.EnumerateArray()] : [];
}
