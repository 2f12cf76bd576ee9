using DiffusionSharp.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DiffusionSharp.AspNetCore;

/// <summary>Reads requests: JSON for a picture from a prompt, a form where a picture is sent along.</summary>
internal sealed class CallReader(IDiffusionPipelineProvider models, ImageEndpointOptions options)
{
    /// <summary>Names of models, words and the like.</summary>
    private const int MaxWordLength = 256;

    public async Task<ImageCall> ReadAsync(HttpRequest request, CallKind kind, CancellationToken cancellationToken)
    {
        if (kind == CallKind.Generation)
        {
            RequireType(request.HasJsonContentType(), "application/json");
            return Read(kind, await RequestFields.ReadJsonAsync(request, cancellationToken).ConfigureAwait(false));
        }

        RequireType(request.HasFormContentType && request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase), "multipart/form-data");
        IFormCollection form = await ReadFormAsync(request, cancellationToken).ConfigureAwait(false);
        return Read(kind, RequestFields.Of(form)) with
        {
            Image = Single(form.Files, "image", "image[]") ?? throw ApiException.Invalid("image", "The file 'image' is missing.", "missing_required_parameter"),
            Mask = kind == CallKind.Edit ? Single(form.Files, "mask") : null,
        };
    }

    private static void RequireType(bool isRight, string type)
    {
        if (!isRight)
        {
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, $"The body must be {type}.") { Code = "unsupported_media_type" };
        }
    }

    private async Task<IFormCollection> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var limits = new FormOptions { MultipartBodyLengthLimit = options.MaxRequestBytes, ValueLengthLimit = options.MaxRequestBytes };
            return await request.ReadFormAsync(limits, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, $"The form cannot be read: {e.Message}");
        }
    }

    private static IFormFile? Single(IFormFileCollection files, params ReadOnlySpan<string> names)
    {
        List<IFormFile> found = [];
        foreach (string name in names)
        {
            found.AddRange(files.GetFiles(name));
        }

        return found.Count > 1 ? throw ApiException.Invalid(names[0], $"There are {found.Count} files '{names[0]}', but one is taken.") : found.FirstOrDefault();
    }

    private ImageCall Read(CallKind kind, RequestFields fields)
    {
        var call = new ImageCall
        {
            Kind = kind,
            Model = ReadModel(fields),
            Prompt = fields.Text("prompt", options.MaxPromptLength),
            Count = (int)(fields.Integer("n", 1, options.MaxPictures) ?? 1),
            Size = PictureSize.Parse(fields.Text("size", MaxWordLength), options.MaxPixels),
            Format = ReadFormat(fields),
            Streams = fields.Flag("stream"),
            Previews = (int)(fields.Integer("partial_images", 0, options.MaxSteps) ?? 0),
            TellsSteps = fields.Flag("progress"),
            NegativePrompt = fields.Text("negative_prompt", options.MaxPromptLength),
            Seed = fields.Integer("seed", 0, long.MaxValue),
            Steps = (int?)fields.Integer("steps", 1, options.MaxSteps),
            GuidanceScale = fields.Number("guidance_scale"),
            Scheduler = fields.Text("scheduler", MaxWordLength),
            ClassLabel = fields.Integer("class_label", 0, long.MaxValue),
            Strength = kind == CallKind.Generation ? null : fields.Number("strength"),
        };
        ReadWithoutEffect(fields);
        fields.RequireAllRead();
        return call;
    }

    private string ReadModel(RequestFields fields)
    {
        string model = fields.Text("model", MaxWordLength) ?? models.Models[0].Name;
        return models.Models.Any(known => known.Name == model) ? model : throw ModelHandlers.Unknown(model);
    }

    private static OutputFormat ReadFormat(RequestFields fields)
    {
        if (fields.Choice("response_format", "b64_json", "url") == "url")
        {
            throw ApiException.Invalid("response_format", "Pictures are answered as 'b64_json' only: nothing is stored that a URL could lead to.", "unsupported_value");
        }

        string format = fields.Choice("output_format", "png", "jpeg", "webp") ?? "png";
        var quality = (int?)fields.Integer("output_compression", 0, 100);
        return format != "png" || quality is null or 100
            ? new OutputFormat(format, quality)
            : throw ApiException.Invalid("output_compression", "PNG is without loss: ask for 'jpeg' or 'webp' as 'output_format'.");
    }

    // What other services have and a diffusion model has no use for.
    private static void ReadWithoutEffect(RequestFields fields)
    {
        fields.Choice("quality", "auto", "low", "medium", "high", "standard", "hd");
        fields.Choice("style", "vivid", "natural");
        fields.Choice("moderation", "auto", "low");
        fields.Choice("input_fidelity", "low", "high");
        fields.Text("user", MaxWordLength);
        if (fields.Choice("background", "auto", "opaque", "transparent") == "transparent")
        {
            throw ApiException.Invalid("background", "Pictures are opaque.", "unsupported_value");
        }
    }
}
