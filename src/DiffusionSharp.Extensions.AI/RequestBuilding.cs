using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Schedulers;
using Microsoft.Extensions.AI;

namespace DiffusionSharp.Extensions.AI;

/// <summary>Makes the request of a pipeline from one of Microsoft.Extensions.AI.</summary>
internal static class RequestBuilding
{
    /// <summary>The request. What a raw one says stays; options fill in the rest.</summary>
    public static async Task<GenerationRequest> BuildAsync(IDiffusionPipeline pipeline, ImageGenerationRequest request, DiffusionImageOptions options, GenerationRequest? raw, CancellationToken cancellationToken)
    {
        GenerationRequest whole = raw ?? await OfAsync(pipeline, request, options, cancellationToken).ConfigureAwait(false);
        whole = whole with
        {
            Count = options.Count ?? whole.Count,
            Seed = whole.Seed ?? options.Seed,
            Steps = whole.Steps ?? options.Steps,
            GuidanceScale = whole.GuidanceScale ?? options.GuidanceScale,
            Scheduler = whole.Scheduler ?? Scheduler(pipeline, options.Scheduler),
            Strength = options.Strength ?? whole.Strength,
        };
        if (whole.InitialImage is null && options.ImageSize is { } size)
        {
            whole = whole with { Width = whole.Width ?? Nearest(size.Width, pipeline.SizeMultiple), Height = whole.Height ?? Nearest(size.Height, pipeline.SizeMultiple) };
        }

        return whole is TextToImageRequest text ? text with { NegativePrompt = text.NegativePrompt ?? options.NegativePrompt } : whole;
    }

    private static async Task<GenerationRequest> OfAsync(IDiffusionPipeline pipeline, ImageGenerationRequest request, DiffusionImageOptions options, CancellationToken cancellationToken)
    {
        Tensor<float>? image = await OriginalAsync(pipeline, request, options, cancellationToken).ConfigureAwait(false);
        Tensor<float>? mask = options.Mask is null ? null : await MaskAsync(image, options.Mask, options.MaskChannel ?? MaskChannel.Brightness, cancellationToken).ConfigureAwait(false);
        return (request.Prompt, image, mask) switch
        {
            ({ } prompt, { } original, { } where) => new InpaintingRequest(prompt, original, where),
            ({ } prompt, { } original, null) => new ImageToImageRequest(prompt, original),
            ({ } prompt, null, _) => new TextToImageRequest(prompt),
            _ when pipeline.TextEncoders.Count > 0 => throw new ArgumentException("The request has no prompt, and the model draws to one.", nameof(request)),
            _ => new GenerationRequest { InitialImage = image, Mask = mask, Strength = mask is null ? new GenerationRequest().Strength : 1 },
        };
    }

    private static async Task<Tensor<float>?> OriginalAsync(IDiffusionPipeline pipeline, ImageGenerationRequest request, DiffusionImageOptions options, CancellationToken cancellationToken)
    {
        AIContent[] originals = [.. request.OriginalImages ?? []];
        if (originals.Length == 0)
        {
            return null;
        }

        if (originals.Length > 1)
        {
            throw new NotSupportedException($"The request has {originals.Length} original images, but a generation starts from one.");
        }

        ImageFit fit = options.ImageSize is { } size
            ? ImageFit.Exactly(Nearest(size.Width, pipeline.SizeMultiple), Nearest(size.Height, pipeline.SizeMultiple))
            : ImageFit.ToMultipleOf(pipeline.SizeMultiple);
        using MemoryStream picture = Open(originals[0], "original image");
        return await ImageTensors.LoadAsync(picture, fit, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Tensor<float>> MaskAsync(Tensor<float>? image, DataContent mask, MaskChannel channel, CancellationToken cancellationToken)
    {
        if (image is null)
        {
            throw new ArgumentException("A mask says where an original image is drawn anew, but the request has none.", nameof(DiffusionImageOptions.Mask));
        }

        using MemoryStream picture = Open(mask, "mask");
        return await ImageTensors.LoadMaskAsync(picture, (int)image.Lengths[3], (int)image.Lengths[2], channel: channel, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static MemoryStream Open(AIContent content, string what) => content is DataContent data
        ? new MemoryStream(data.Data.ToArray(), writable: false)
        : throw new NotSupportedException($"The {what} is {content.GetType().Name}, but must be {nameof(DataContent)}, the bytes of a picture: nothing is downloaded.");

    private static IScheduler? Scheduler(IDiffusionPipeline pipeline, string? name) => name is null ? null
        : pipeline.Scheduler is IDiscreteScheduler model ? Samplers.ByName(name, model.Options)
        : throw new NotSupportedException($"The sampler '{name}' is for models of a discrete noise schedule, but this one has {pipeline.Scheduler?.ToString() ?? "none"}.");

    // The abstraction asks for the closest size that there is.
    private static int Nearest(int side, int multiple)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1, nameof(ImageGenerationOptions.ImageSize));
        return Math.Max(1, (int)Math.Round((double)side / multiple, MidpointRounding.AwayFromZero)) * multiple;
    }
}
