namespace SixLabors.ImageSharp.Formats.Png.Chunks;

/// <summary>One text of a PNG file.</summary>
public readonly struct PngTextData : IEquatable<PngTextData>
{
    public PngTextData(string keyword, string value, string languageTag, string translatedKeyword)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(keyword);
        Keyword = keyword;
        Value = value;
        LanguageTag = languageTag;
        TranslatedKeyword = translatedKeyword;
    }

    public string Keyword { get; }

    public string Value { get; }

    public string LanguageTag { get; }

    public string TranslatedKeyword { get; }

    public static bool operator ==(PngTextData left, PngTextData right) => left.Equals(right);

    public static bool operator !=(PngTextData left, PngTextData right) => !left.Equals(right);

    public bool Equals(PngTextData other) =>
        Keyword == other.Keyword && Value == other.Value && LanguageTag == other.LanguageTag && TranslatedKeyword == other.TranslatedKeyword;

    public override bool Equals(object? obj) => obj is PngTextData other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Keyword, Value, LanguageTag, TranslatedKeyword);

    public override string ToString() => $"PngTextData [ Name={Keyword}, Value={Value} ]";
}
