using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Schedulers;
using Microsoft.AspNetCore.Http;

namespace DiffusionSharp.AspNetCore;

/// <summary>Makes requests to a pipeline of calls.</summary>
internal sealed class CallRequests(ImageEndpointOptions options)
{
    private readonly ImageLimits _limits = new() { MaxBytes = options.MaxRequestBytes, MaxPixels = options.MaxUploadPixels };

    public async Task<GenerationRequest> CreateAsync(ImageCall call, IDiffusionPipeline pipeline, CancellationToken cancellationToken)
    {
        GenerationRequest request = Prompted(call, pipeline) with
        {
            Count = call.Count,
            Seed = call.Seed,
            Steps = call.Steps,
            GuidanceScale = (float?)call.GuidanceScale,
            ClassLabel = call.ClassLabel,
            Scheduler = call.Scheduler is { } name ? SchedulerOf(name, pipeline) : null,
            Width = call.Image is null ? call.Size?.Width : null,
            Height = call.Image is null ? call.Size?.Height : null,
        };
        return call.Image is { } image ? await WithPictureAsync(request, call, image, pipeline, cancellationToken).ConfigureAwait(false) : request;
    }

    /// <summary>The names of schedulers that a model can be drawn with; none where its own cannot be replaced.</summary>
    public static IReadOnlyList<string> SchedulersOf(IDiffusionPipeline pipeline) => pipeline.Scheduler is IDiscreteScheduler ? Samplers.Names : [];

    private static GenerationRequest Prompted(ImageCall call, IDiffusionPipeline pipeline)
    {
        if (call.Prompt is { } prompt)
        {
            return new TextToImageRequest(prompt) { NegativePrompt = call.NegativePrompt };
        }

        if (call.NegativePrompt is not null)
        {
            throw ApiException.Invalid("negative_prompt", "A negative prompt needs a prompt beside it.");
        }

        return call.Kind == CallKind.Variation || pipeline.TextEncoders.Count == 0
            ? new GenerationRequest()
            : throw ApiException.Invalid("prompt", "The field 'prompt' is missing.", "missing_required_parameter");
    }

    private static IScheduler SchedulerOf(string name, IDiffusionPipeline pipeline)
    {
        if (pipeline.Scheduler is not IDiscreteScheduler model)
        {
            throw ApiException.Invalid("scheduler", $"The model's scheduler {pipeline.Scheduler} cannot be replaced: leave the field out.");
        }

        try
        {
            return Samplers.ByName(name, model.Options);
        }
        catch (ArgumentException e)
        {
            throw ApiException.Invalid("scheduler", WrongRequest.Of(e).Message);
        }
    }

    // Without a size the picture keeps its proportions, at the number of pixels that the model draws best.
    private async Task<GenerationRequest> WithPictureAsync(GenerationRequest request, ImageCall call, IFormFile image, IDiffusionPipeline pipeline, CancellationToken cancellationToken)
    {
        ImageFit fit = call.Size is { } size
            ? ImageFit.Exactly(size.Width, size.Height)
            : ImageFit.ToArea(checked(pipeline.Defaults.Width * pipeline.Defaults.Height), pipeline.SizeMultiple);
        Tensor<float> picture = await LoadAsync(image, stream => ImageTensors.LoadAsync(stream, fit, _limits, cancellationToken)).ConfigureAwait(false);
        request = request with { InitialImage = picture, Strength = call.Strength ?? request.Strength };
        if (call.Mask is null)
        {
            return request;
        }

        (int height, int width) = ((int)picture.Lengths[2], (int)picture.Lengths[3]);
        Tensor<float> mask = await LoadAsync(call.Mask, stream => ImageTensors.LoadMaskAsync(stream, width, height, channel: MaskChannel.Transparency, limits: _limits, cancellationToken: cancellationToken)).ConfigureAwait(false);
        return TensorPrimitives.Max<float>(mask.Values()) > 0
            ? request with { Mask = mask, Strength = call.Strength ?? 1, PastesKnownPixels = true }
            : throw ApiException.Invalid("mask", "The mask is transparent nowhere, so nothing would be drawn: transparent parts say what is drawn anew.");
    }

    private static async Task<Tensor<float>> LoadAsync(IFormFile file, Func<Stream, Task<Tensor<float>>> load)
    {
        try
        {
            Stream stream = file.OpenReadStream();
            await using (stream.ConfigureAwait(false))
            {
                return await load(stream).ConfigureAwait(false);
            }
        }
        catch (InvalidDataException e)
        {
            throw ApiException.Invalid(file.Name, $"The file '{file.Name}': {e.Message}", "invalid_image_file");
        }
    }
}
