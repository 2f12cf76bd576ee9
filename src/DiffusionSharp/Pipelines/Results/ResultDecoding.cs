using System.Diagnostics;
using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Diagnostics;
using DiffusionSharp.Latents;

namespace DiffusionSharp;

/// <summary>Turns samples of one generation into pictures and results.</summary>
internal sealed class ResultDecoding(PipelineParts parts, ResolvedRequest request, ConditionContext conditions, GenerationWatch watch, CancellationToken stop)
{
    public CancellationToken CancellationToken => stop;

    /// <summary>A preview of every picture.</summary>
    public IReadOnlyList<GeneratedImage> Preview(Tensor<float> original) => parts.LatentDecoder is null ? [] : Split(Decode(original));

    /// <summary>The result whose sample is this.</summary>
    public GenerationResult Result(Tensor<float> latents, Func<TimeSpan, GenerationTimings> timings) => watch.Note(() =>
    {
        long started = Stopwatch.GetTimestamp();
        GeneratedImage[] images = parts.LatentDecoder is null || !request.Request.Decodes
            ? []
            : Split(KnownPixels.Paste(request.Request, Decode(latents)));
        watch.AddPictures(images.Length);
        return new GenerationResult(images, latents, request.Request, timings(Stopwatch.GetElapsedTime(started)), [.. conditions.Warnings]);
    });

    private Tensor<float> Decode(Tensor<float> latents)
    {
        var context = new DecodingContext(request.Request, conditions.At(term: 0, request.Steps));
        Tensor<float> pictures = watch.Decode(() => Finite.Require(parts.LatentDecoder!.Decode(latents, context, stop), Finite.LatentDecoder));
        return pictures.Rank == 4 && pictures.Lengths[0] == request.Shape.Batch
            ? pictures
            : throw new InvalidOperationException($"The latent decoder returned the shape {pictures.ShapeText()} for {request.Shape.Batch} pictures: expected [{request.Shape.Batch}, 3, height, width].");
    }

    private GeneratedImage[] Split(Tensor<float> pictures)
    {
        var images = new GeneratedImage[request.Shape.Batch];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = new GeneratedImage(pictures.Rows(i, 1), request.Single(i));
        }

        return images;
    }
}
