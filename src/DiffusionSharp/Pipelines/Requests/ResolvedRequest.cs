using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;

namespace DiffusionSharp;

/// <summary>A request with every default filled in and every value checked.</summary>
internal sealed class ResolvedRequest
{
    private ResolvedRequest(GenerationRequest request, long[] seeds, SampleShape shape)
    {
        Request = request;
        Seeds = seeds;
        Shape = shape;
    }

    public GenerationRequest Request { get; }

    public IReadOnlyList<long> Seeds { get; }

    /// <summary>The shape of the latents.</summary>
    public SampleShape Shape { get; }

    public int Steps => Request.Steps!.Value;

    public float GuidanceScale => Request.GuidanceScale!.Value;

    public string? Prompt => (Request as TextToImageRequest)?.Prompt;

    public string NegativePrompt => (Request as TextToImageRequest)?.NegativePrompt ?? "";

    /// <summary>The request that makes picture <paramref name="index"/> of this one alone.</summary>
    public GenerationRequest Single(int index) => Request with { Count = 1, Seed = Seeds[index], Seeds = null };

    public static ResolvedRequest Create(GenerationRequest request, GenerationDefaults defaults, LatentSpace space, int sizeMultiple)
    {
        CheckPrompt(request);
        (int height, int width) = Size(request, defaults, sizeMultiple);
        PictureChecks.RequireMask(request);
        int steps = StepChecks.RequireSteps(request, defaults);
        if (!(request.Strength is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(request.Strength), request.Strength, "Strength must be in [0, 1]: 0 keeps the picture, 1 redraws it.");
        }

        float scale = request.GuidanceScale ?? (request is TextToImageRequest ? defaults.GuidanceScale : 1);
        if (!(scale >= 0) || float.IsInfinity(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(request.GuidanceScale), scale, "The guidance scale must be a number of at least 0.");
        }

        ArgumentNullException.ThrowIfNull(request.Conditioning, nameof(request.Conditioning));
        request.Conditioning.RequireSingle(nameof(request.Conditioning));
        request.NegativeConditioning?.RequireSingle(nameof(request.NegativeConditioning));
        RequireFits(request.Count, height, width, space);
        long[] seeds = ChooseSeeds(request);
        GenerationRequest resolved = request with { Steps = steps, GuidanceScale = scale, Seed = seeds[0], Width = width, Height = height };
        var shape = new SampleShape(seeds.Length, space.Channels, height / space.DownsamplingFactor, width / space.DownsamplingFactor);
        return new ResolvedRequest(resolved, seeds, shape);
    }

    private static void CheckPrompt(GenerationRequest request)
    {
        if (request is not TextToImageRequest text)
        {
            return;
        }

        ArgumentNullException.ThrowIfNull(text.Prompt, nameof(text.Prompt));
        ArgumentNullException.ThrowIfNull(text.NegativePrompt, nameof(text.NegativePrompt));
        if (string.IsNullOrWhiteSpace(text.Prompt))
        {
            throw new ArgumentException($"The prompt is blank. Say what to draw, or use a plain {nameof(GenerationRequest)} for an unconditional picture.", nameof(text.Prompt));
        }
    }

    private static (int Height, int Width) Size(GenerationRequest request, GenerationDefaults defaults, int multiple)
    {
        if (request.InitialImage is { } image)
        {
            (int height, int width) = PictureChecks.RequirePicture(image);
            RequireSame(nameof(request.Height), request.Height, height);
            RequireSame(nameof(request.Width), request.Width, width);
            return (Multiple(nameof(request.InitialImage), height, multiple), Multiple(nameof(request.InitialImage), width, multiple));
        }

        return (Multiple(nameof(request.Height), request.Height ?? defaults.Height, multiple), Multiple(nameof(request.Width), request.Width ?? defaults.Width, multiple));
    }

    private static void RequireSame(string name, int? requested, int found)
    {
        if (requested is { } size && size != found)
        {
            throw new ArgumentException($"The request asks for a {name.ToLowerInvariant()} of {size}, but the initial image has {found}: resize the image or leave the size out.", name);
        }
    }

    private static int Multiple(string name, int size, int multiple)
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
        var pixels = (Int128)height * width;
        Int128 latents = pixels / ((Int128)space.DownsamplingFactor * space.DownsamplingFactor) * space.Channels;
        var one = Int128.Max(pixels * PictureChannels, latents);
        if (count * one > Array.MaxLength)
        {
            (string name, int value) = one > Array.MaxLength ? (nameof(GenerationRequest.Width), width) : (nameof(GenerationRequest.Count), count);
            throw new ArgumentOutOfRangeException(name, value, $"{count} pictures of {width} x {height} pixels have more values than an array can hold: ask for smaller or fewer ones.");
        }
    }

    private static long[] ChooseSeeds(GenerationRequest request)
    {
        if (request.Count < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(request.Count), request.Count, "The number of pictures must be at least 1.");
        }

        var seeds = new long[request.Count];
        if (request.Seeds is { } given)
        {
            if (given.Count != request.Count)
            {
                throw new ArgumentException($"There are {given.Count} seeds for {request.Count} pictures.", nameof(request.Seeds));
            }

            for (int i = 0; i < seeds.Length; i++)
            {
                seeds[i] = NotNegative(nameof(request.Seeds), given[i]);
            }

            return seeds;
        }

        long first = NotNegative(nameof(request.Seed), request.Seed ?? Random.Shared.Next());
        for (int i = 0; i < seeds.Length; i++)
        {
            seeds[i] = NotNegative(nameof(request.Seed), unchecked(first + i));
        }

        return seeds;
    }

    private static long NotNegative(string name, long seed) =>
        seed >= 0 ? seed : throw new ArgumentOutOfRangeException(name, seed, "A seed must be in [0, 2^63 - 1].");
}
