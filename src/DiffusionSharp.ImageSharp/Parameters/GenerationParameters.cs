using System.Collections.ObjectModel;
using DiffusionSharp.ImageSharp.Files;

namespace DiffusionSharp.ImageSharp;

/// <summary>
/// What a picture was generated with, as text in the format of AUTOMATIC1111's web UI, which it and many other tools read: in PNG files under
/// the key <c>parameters</c>, in JPEG and WebP files as EXIF's <c>UserComment</c>. What is null is not known.
/// </summary>
public sealed record GenerationParameters
{
    /// <summary>The prompt; empty for an unconditional picture.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The negative prompt; empty when there was none.</summary>
    public string NegativePrompt { get; init; } = "";

    /// <summary>Number of denoising steps.</summary>
    public int? Steps { get; init; }

    /// <summary>The scheduler, for example <c>DDIM</c>.</summary>
    public string? Sampler { get; init; }

    /// <summary>Guidance scale, the web UI's "CFG scale".</summary>
    public float? GuidanceScale { get; init; }

    /// <summary>The seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Width in pixels; written and read together with <see cref="Height"/> only.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels; written and read together with <see cref="Width"/> only.</summary>
    public int? Height { get; init; }

    /// <summary>How much of an initial picture was redrawn, in [0, 1], the web UI's "Denoising strength"; null without one.</summary>
    public double? Strength { get; init; }

    /// <summary>All other settings by name, for example <c>Model</c>, as other tools wrote them.</summary>
    /// <exception cref="ArgumentException">
    /// A name is set that the format cannot hold: one is at least two letters, digits, spaces, hyphens or slashes, and begins with a letter or digit.
    /// </exception>
    public IReadOnlyDictionary<string, string> Other
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (string name in value.Keys)
            {
                if (!ParametersFormat.IsName(name))
                {
                    throw new ArgumentException($"'{name}' cannot be the name of a setting: it must be at least two letters, digits, spaces, hyphens or slashes, and begin with a letter or digit.", nameof(value));
                }
            }

            field = value;
        }
    } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The parameters of a generated picture.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>Its parameters.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="image"/> is null.</exception>
    public static GenerationParameters From(GeneratedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        GenerationRequest request = image.Request;
        var text = request as TextToImageRequest;
        return new GenerationParameters
        {
            Prompt = text?.Prompt ?? "",
            NegativePrompt = text?.NegativePrompt ?? "",
            Steps = request.Steps,
            Sampler = image.SchedulerName,
            GuidanceScale = request.GuidanceScale,
            Seed = request.Seed,
            Width = request.Width,
            Height = request.Height,
            Strength = request.InitialImage is null ? null : request.Strength,
            Other = request.ClassLabel is { } label ? new Dictionary<string, string> { ["Class label"] = ParametersFormat.Number(label) } : ReadOnlyDictionary<string, string>.Empty,
        };
    }

    /// <summary>
    /// Reads the parameters of a picture: PNG text, compressed or not, or the comment of a JPEG, WebP or GIF file, also as other tools keep it
    /// (EXIF <c>UserComment</c> in any of its codes, <c>ImageDescription</c>, XMP). A comment that is about something else is none.
    /// </summary>
    /// <param name="path">A picture, from this library or from a tool that writes the same format.</param>
    /// <param name="limits">How large the file may be; <see cref="ImageLimits.Default"/> when null. Pixels are not looked at.</param>
    /// <returns>The parameters; null when the picture has none.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    /// <exception cref="InvalidDataException">The file is empty, damaged, too large or not a picture; the message names it.</exception>
    public static GenerationParameters? Read(string path, ImageLimits? limits = null) => Of(PictureBytes.Read(path, limits ?? ImageLimits.Default));

    /// <summary>Reads the parameters of a picture.</summary>
    /// <param name="stream">A picture; it is read to its end and left open.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null. Pixels are not looked at.</param>
    /// <returns>The parameters; null when the picture has none.</returns>
    /// <exception cref="InvalidDataException">The stream is empty, damaged, too large or not a picture.</exception>
    public static GenerationParameters? Read(Stream stream, ImageLimits? limits = null) => Of(PictureBytes.Read(stream, limits ?? ImageLimits.Default));

    /// <summary>Reads the parameters of a picture asynchronously.</summary>
    /// <param name="path">A picture, from this library or from a tool that writes the same format.</param>
    /// <param name="limits">How large the file may be; <see cref="ImageLimits.Default"/> when null. Pixels are not looked at.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The parameters; null when the picture has none.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Read(string, ImageLimits?)"/>
    public static async Task<GenerationParameters?> ReadAsync(string path, ImageLimits? limits = null, CancellationToken cancellationToken = default) =>
        Of(await PictureBytes.ReadAsync(path, limits ?? ImageLimits.Default, cancellationToken).ConfigureAwait(false));

    /// <summary>Reads the parameters of a picture, asynchronously only.</summary>
    /// <param name="stream">A picture; it is read to its end and left open.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null. Pixels are not looked at.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The parameters; null when the picture has none.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Read(Stream, ImageLimits?)"/>
    public static async Task<GenerationParameters?> ReadAsync(Stream stream, ImageLimits? limits = null, CancellationToken cancellationToken = default) =>
        Of(await PictureBytes.ReadAsync(stream, limits ?? ImageLimits.Default, cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Reads parameters from text. Any text has a meaning: a last line of fewer than three settings belongs to the prompt, as in the web UI.
    /// Lines may end as on any system; those of the prompts end with <c>\n</c> afterwards.
    /// </summary>
    /// <param name="text">A prompt, a line "Negative prompt: ..." and a line "Steps: ..., Sampler: ..., ...".</param>
    /// <returns>The parameters; a setting whose value is not of its kind is found in <see cref="Other"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static GenerationParameters Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ParametersFormat.Parse(text);
    }

    /// <summary>The parameters as text with lines that end with <c>\n</c>, which <see cref="Parse"/> reads back as they were when at least three settings are known.</summary>
    /// <returns>The prompt, the line of the negative prompt unless it is empty, and a line of settings.</returns>
    public override string ToString() => ParametersFormat.Format(this);

    /// <summary>Whether all parameters are the same.</summary>
    /// <param name="other">Other parameters.</param>
    /// <returns>True when the texts are the same.</returns>
    public bool Equals(GenerationParameters? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static GenerationParameters? Of(PictureFile file) => file.FindParameters() is { } text ? Parse(text) : null;
}
