namespace DiffusionSharp.AspNetCore;

/// <summary>
/// What the endpoints of <see cref="ImageEndpoints.MapImageGeneration"/> allow. The defaults are for one machine: callers on it, pages that it serves itself, sizes that
/// a processor can bear. How many generations run and wait is a matter of the models' queues (<see cref="Hosting.GenerationQueueOptions"/>).
/// </summary>
public sealed class ImageEndpointOptions
{
    /// <summary>The most bytes of a request's body; 8 MiB unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxRequestBytes { get; set => field = AtLeastOne(value); } = 8 << 20;

    /// <summary>The most pixels of a picture that is sent, width times height; 16 megapixels unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxUploadPixels { get; set => field = AtLeastOne(value); } = 16_000_000;

    /// <summary>The most pixels of a picture that is asked for, width times height; 2048 times 2048 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxPixels { get; set => field = AtLeastOne(value); } = 2048 * 2048;

    /// <summary>The most pictures of a request; 10 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxPictures { get; set => field = AtLeastOne(value); } = 10;

    /// <summary>The most denoising steps; 250 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxSteps { get; set => field = AtLeastOne(value); } = 250;

    /// <summary>The most characters of a prompt; 32000 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxPromptLength { get; set => field = AtLeastOne(value); } = 32_000;

    /// <summary>How many generations are remembered after they have ended, so that what was asked for without waiting can be fetched; 16 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int KeptGenerations { get; set => field = AtLeastOne(value); } = 16;

    /// <summary>
    /// The names besides this machine's own (<c>localhost</c> and loopback addresses) that callers may call the server by, in the header <c>Host</c>, without a port;
    /// <c>*</c> is any. None unless added, so that a foreign page cannot reach it through a name of its own.
    /// </summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>The origins besides the server's own whose pages may call it, such as <c>https://app.example.com</c>. None unless added; what lets a browser read the answers is CORS, which is the app's.</summary>
    public IList<string> Origins { get; } = [];

    /// <summary>The keys one of which a caller must have, in the header <c>Authorization: Bearer KEY</c>, as OpenAI's clients send it. No key is asked for where there is none.</summary>
    public IList<string> ApiKeys { get; } = [];

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
