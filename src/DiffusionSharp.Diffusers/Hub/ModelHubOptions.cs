namespace DiffusionSharp.Diffusers;

/// <summary>Where models are downloaded from and to.</summary>
public sealed record ModelHubOptions
{
    /// <summary>The hub's address. By default that of the environment variable <c>HF_ENDPOINT</c>, or Hugging Face's.</summary>
    public Uri Endpoint { get; init; } = new(Variable("HF_ENDPOINT") ?? "https://huggingface.co");

    /// <summary>
    /// What lets a user download what is not open to everyone. By default that of the environment variable <c>HF_TOKEN</c>. It is sent to the hub and to no other
    /// address that the hub may name.
    /// </summary>
    public string? Token { get; init; } = Variable("HF_TOKEN");

    /// <summary>
    /// The folder of the cache. Null, the default, for the one that other tools share: that of the environment variable <c>HF_HUB_CACHE</c>, or <c>hub</c> in that of
    /// <c>HF_HOME</c>, or <c>.cache/huggingface/hub</c> in the user's folder.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>Which weights are taken where there are several, for example <c>fp16</c>, as in <see cref="DiffusionSharp.OnnxRuntime.OnnxPipelineOptions.Variant"/>; null for those without such a word.</summary>
    public string? Variant { get; init; }

    /// <summary>How long the hub may be silent before a request is made anew; a minute by default.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a request that fails for a reason that passes is made anew; 5 times by default. One that has brought something is counted from the beginning.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The first pause before that, which doubles; a second by default.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    // Without the token, which a log must not have.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"{nameof(Endpoint)} = {Endpoint}, {nameof(CacheFolder)} = {CacheFolder}, {nameof(Variant)} = {Variant}");
        return true;
    }
}
