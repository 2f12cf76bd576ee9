using Microsoft.Extensions.AI;

namespace DiffusionSharp.Extensions.AI;

/// <inheritdoc cref="DiffusionPipelineExtensions.AsImageGenerator"/>
internal sealed class DiffusionImageGenerator(IDiffusionPipeline pipeline, string? modelId) : IImageGenerator
{
    private const string ProviderName = "diffusionsharp";

    private readonly ImageGeneratorMetadata _metadata = new(ProviderName, providerUri: null, modelId);

    public async Task<ImageGenerationResponse> GenerateAsync(ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        DiffusionImageOptions all = AdditionalOptions.Read(options);
        Require(all);
        PictureFormat format = PictureFormat.Of(all.MediaType);
        var raw = all.RawRepresentationFactory?.Invoke(this) as GenerationRequest;
        GenerationRequest what = await RequestBuilding.BuildAsync(pipeline, request, all, raw, cancellationToken).ConfigureAwait(false);
        GenerationResult result = await pipeline.GenerateAsync(what, all.Progress, cancellationToken).ConfigureAwait(false);
        return new ImageGenerationResponse([.. result.Images.Select(image => Content(image, result, format))]) { RawRepresentation = result };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ImageGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(pipeline) ? pipeline
            : null;
    }

    // The pipeline is not ours.
    public void Dispose()
    {
    }

    private static DataContent Content(GeneratedImage image, GenerationResult result, PictureFormat format) => new(format.Encode(image), format.MediaType)
    {
        Name = $"{image.Seed}.{format.Extension}",
        RawRepresentation = image,
        AdditionalProperties = new()
        {
            [nameof(DiffusionImageOptions.Seed)] = image.Seed,
            [nameof(DiffusionImageOptions.Steps)] = image.Request.Steps ?? result.Timings.Steps,
            [nameof(DiffusionImageOptions.GuidanceScale)] = image.Request.GuidanceScale,
            [nameof(DiffusionImageOptions.Scheduler)] = image.SchedulerName,
        },
    };

    private void Require(DiffusionImageOptions options)
    {
        if (options.ResponseFormat is { } wanted && wanted != ImageGenerationResponseFormat.Data)
        {
            throw new NotSupportedException($"{nameof(options.ResponseFormat)} is {wanted}, but pictures are returned as data.");
        }

        if (options.ModelId is { } id && modelId is not null && id != modelId)
        {
            throw new NotSupportedException($"{nameof(options.ModelId)} is '{id}', but this generator draws with '{modelId}'.");
        }
    }
}
