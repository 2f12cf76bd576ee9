namespace DiffusionSharp.Text;

/// <summary>Settings of a <see cref="ClipTokenizer"/> that replace those of its files. What is null comes from the files, or else is the default.</summary>
public sealed record ClipTokenizerOptions
{
    /// <summary>The smallest <see cref="MaxLength"/>: a begin and an end token.</summary>
    public const int SmallestMaxLength = 2;

    /// <summary>The largest <see cref="MaxLength"/>.</summary>
    public const int LargestMaxLength = TokenizerConfig.LargestMaxLength;

    /// <summary>
    /// Length of every sequence in tokens, begin, end and padding included, in [<see cref="SmallestMaxLength"/>,
    /// <see cref="LargestMaxLength"/>]. Default: <c>model_max_length</c>, or else 77.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public int? MaxLength
    {
        get;
        init => field = value is null or (>= SmallestMaxLength and <= LargestMaxLength)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxLength), value, $"Must be in [{SmallestMaxLength}, {LargestMaxLength}].");
    }

    /// <summary>The token that begins every sequence. Default: <c>bos_token</c>, or else <c>&lt;|startoftext|&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? BeginToken
    {
        get;
        init => field = NotEmpty(value, nameof(BeginToken));
    }

    /// <summary>The token that ends the text. Default: <c>eos_token</c>, or else <c>&lt;|endoftext|&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? EndToken
    {
        get;
        init => field = NotEmpty(value, nameof(EndToken));
    }

    /// <summary>
    /// The token that fills a sequence up to its length. Default: <c>pad_token</c>, or else the end token. Stable Diffusion 2 and the
    /// second text encoder of Stable Diffusion XL name <c>!</c>; every <c>!</c> of a prompt then is this token, as in diffusers.
    /// </summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? PaddingToken
    {
        get;
        init => field = NotEmpty(value, nameof(PaddingToken));
    }

    /// <summary>
    /// What stands for a byte that the vocabulary has no token for. Default: <c>unk_token</c>, or else <c>&lt;|endoftext|&gt;</c> where
    /// the vocabulary has it.
    /// </summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? UnknownToken
    {
        get;
        init => field = NotEmpty(value, nameof(UnknownToken));
    }

    /// <summary>Whether upper and lower case are one. Default: <c>do_lower_case</c>, or else true.</summary>
    public bool? Lowercase { get; init; }

    private static string? NotEmpty(string? value, string name) =>
        value is "" ? throw new ArgumentException("A token cannot be empty; null leaves the choice to the files.", name) : value;
}
