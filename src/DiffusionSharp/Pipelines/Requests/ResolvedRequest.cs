using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>A request with every default filled in and every value checked.</summary>
internal sealed class ResolvedRequest
{
    private ResolvedRequest(GenerationRequest request, IReadOnlyList<long> seeds, IReadOnlyList<double> scales, SampleShape shape) =>
        (Request, Seeds, Scales, Shape) = (request, seeds, scales, shape);

    public GenerationRequest Request { get; }

    public IReadOnlyList<long> Seeds { get; }

    /// <summary>The guidance scale of each picture.</summary>
    public IReadOnlyList<double> Scales { get; }

    /// <summary>The shape of the sample.</summary>
    public SampleShape Shape { get; }

    public int Steps => Request.Steps!.Value;

    /// <summary>The sampler; null for a pipeline without steps.</summary>
    public IScheduler? Scheduler => Request.Scheduler;

    /// <summary>The request that makes picture <paramref name="index"/> of this one alone.</summary>
    public GenerationRequest Single(int index) => RequestRows.Single(Request, index, Seeds[index]);

    /// <summary>The request with the kind of noise that it is drawn from.</summary>
    /// <exception cref="ArgumentException">It asks for another.</exception>
    public ResolvedRequest DrawnFrom(GenerationNoise noise)
    {
        string name = noise.Pictures[0].GetType().Name;
        return Request.Noise is null || Request.Noise == name
            ? new ResolvedRequest(Request with { Noise = name }, Seeds, Scales, Shape)
            : throw new ArgumentException($"The request asks for noise from {Request.Noise}, but this pipeline draws from {name}, which makes other pictures: build it with {nameof(DiffusionPipelineBuilder.UseNoise)}, or leave {nameof(Request.Noise)} out.", nameof(Request.Noise));
    }

    public static ResolvedRequest Create(GenerationRequest request, GenerationDefaults defaults, LatentSpace space, int sizeMultiple, IScheduler? scheduler)
    {
        RequestSeeds.Check(request);
        RequestRows.Check(request);
        (int height, int width) = Size(request, defaults, space, sizeMultiple);
        RequireFits(request.Count, height, width, space);
        PictureChecks.RequireMask(request);
        int steps = StepChecks.RequireSteps(request, defaults);
        StepChecks.RequireWay(request);
        float scale = request.GuidanceScale ?? (request is TextToImageRequest ? defaults.GuidanceScale : 1);
        float[] scales = [.. request.GuidanceScales ?? Enumerable.Repeat(scale, request.Count)];
        foreach (float w in scales)
        {
            if (!(w >= 0) || float.IsInfinity(w))
            {
                throw new ArgumentOutOfRangeException(nameof(request.GuidanceScale), w, "The guidance scale must be a number of at least 0.");
            }
        }

        long[] seeds = RequestSeeds.Choose(request);
        GenerationRequest resolved = request with { Scheduler = request.Scheduler ?? scheduler, Steps = steps, GuidanceScale = scale, Seed = seeds[0], Width = width, Height = height };
        SampleShape shape = space.ShapeOf(resolved, seeds.Length);
        PictureChecks.RequireLatents(request, shape);
        return new ResolvedRequest(resolved, seeds, Array.ConvertAll(scales, w => (double)w), shape);
    }

    private static (int Height, int Width) Size(GenerationRequest request, GenerationDefaults defaults, LatentSpace space, int multiple)
    {
        if (request.InitialImage is { } image)
        {
            (int height, int width) = PictureChecks.RequirePicture(image);
            _ = Same(nameof(request.Height), request.Height, height, "initial image") + Same(nameof(request.Width), request.Width, width, "initial image");
            return (Multiple(nameof(request.InitialImage), height, multiple), Multiple(nameof(request.InitialImage), width, multiple));
        }

        if (request.InitialLatents is { Rank: 4 } latents)
        {
            int height = checked((int)latents.Lengths[2] * space.DownsamplingFactor);
            int width = checked((int)latents.Lengths[3] * space.DownsamplingFactor);
            return (Same(nameof(request.Height), request.Height, height, "initial latents"), Same(nameof(request.Width), request.Width, width, "initial latents"));
        }

        if (space.SizeOf(request) is var (ownHeight, ownWidth))
        {
            _ = Same(nameof(request.Height), request.Height, ownHeight, "enlarged picture") + Same(nameof(request.Width), request.Width, ownWidth, "enlarged picture");
            return (Multiple(nameof(request.Height), ownHeight, multiple), Multiple(nameof(request.Width), ownWidth, multiple));
        }

        return (Multiple(nameof(request.Height), request.Height ?? defaults.Height, multiple), Multiple(nameof(request.Width), request.Width ?? defaults.Width, multiple));
    }

    private static int Same(string name, int? requested, int found, string what) => requested is { } size && size != found
        ? throw new ArgumentException($"The request asks for a {name.ToLowerInvariant()} of {size}, but the {what} has {found}: resize the {what} or leave the size out.", name)
        : found;

    /// <summary>A side of a picture, which is a positive multiple.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static int Multiple(string name, int size, int multiple)
    {
        if (size < 1 || size % multiple != 0)
        {
            long below = size / multiple * (long)multiple;
            string nearest = below < multiple ? $"{multiple} is the least" : $"{below} and {below + multiple} are nearest";
            throw new ArgumentOutOfRangeException(name, size, $"A side of {size} pixels does not fit: width and height must be positive multiples of {multiple} pixels, the pipeline's {nameof(DiffusionPipeline.SizeMultiple)}; {nearest}.");
        }

        return size;
    }

    // Latents and pictures are arrays; a picture has three channels, or in pixel space those of the sample.
    private static void RequireFits(int count, int height, int width, LatentSpace space)
    {
        const int PictureChannels = 3;
        Int128 pixels = (Int128)height * width;
        Int128 latents = pixels / ((Int128)space.DownsamplingFactor * space.DownsamplingFactor) * space.Channels;
        var one = Int128.Max(pixels * PictureChannels, latents);
        if (count * one > Array.MaxLength)
        {
            (string name, int value) = one > Array.MaxLength ? (nameof(GenerationRequest.Width), width) : (nameof(GenerationRequest.Count), count);
            throw new ArgumentOutOfRangeException(name, value, $"{count} pictures of {width} x {height} pixels have more values than an array can hold: ask for smaller or fewer ones.");
        }
    }
}
