using System.Collections.Concurrent;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Asks our pipeline, loaded from the case's folder as any user does, what the genuine one was asked.</summary>
internal static class CaseRun
{
    private static readonly ConcurrentDictionary<string, Lazy<DiffusionPipeline>> Loaded = [];

    /// <summary>The pipeline of a folder; the same for all its requests, as long as the tests run.</summary>
    public static DiffusionPipeline Pipeline(string folder) => Loaded.GetOrAdd(folder, path => new(() => OnnxDiffusionPipeline.Load(path))).Value;

    /// <summary>Makes the pictures of a case.</summary>
    public static GenerationResult Generate(Case reference) => Pipeline(reference.Folder).Generate(Request(reference));

    /// <summary>The request of a case, in our terms.</summary>
    public static GenerationRequest Request(Case reference) => Filled(reference, reference.Text("kind") switch
    {
        "txt2img" or "pixart" or "ip_adapter" => new TextToImageRequest(""),
        "sdxl_refiner" => reference.Has("image") ? new ImageToImageRequest("", reference.Picture("image")) : new TextToImageRequest(""),
        "img2img" => new ImageToImageRequest("", reference.Picture("image")),
        "inpaint" => Inpainting(reference),
        "uncond" => new GenerationRequest(),
        null when reference.Has("prompt") => new TextToImageRequest(""),
        string kind => throw new NotSupportedException($"A request of the kind '{kind}'."),
        null => throw new NotSupportedException("A request without a kind."),
    });

    /// <summary>A request of any kind with what the case says of steps, seeds, size, class and prompts.</summary>
    public static GenerationRequest Filled(Case reference, GenerationRequest request)
    {
        IReadOnlyList<long> seeds = reference.WholeNumbers("seeds")!;
        IReadOnlyList<long>? classes = reference.WholeNumbers("class_label") ?? reference.WholeNumbers("class_labels");
        request = request with
        {
            Scheduler = Scheduler(reference),
            Steps = reference.WholeNumber("steps"),
            Timesteps = reference.WholeNumbers("timesteps")?.Select(timestep => (int)timestep).ToArray(),
            GuidanceScale = (float?)(reference.Number("pipeline_guidance_scale") ?? reference.Number("guidance")),
            Seeds = seeds,
            Count = seeds.Count,
            Width = reference.WholeNumber("width"),
            Height = reference.WholeNumber("height"),
            Strength = reference.Number("strength") ?? request.Strength,
            EncodesPictureOnce = request is InpaintingRequest,
            Parts = [.. request.Parts, .. CaseParts.Of(reference), .. CaseGuides.Of(reference)],
            ClassLabels = classes is null or { Count: > 1 } ? classes : null,
            ClassLabel = classes is { Count: 1 } ? classes[0] : null,
        };
        return request is TextToImageRequest text ? Prompts(text, reference) : request;
    }

    private static TextToImageRequest Prompts(TextToImageRequest request, Case reference)
    {
        IReadOnlyList<string> prompts = reference.Texts("prompt")!;
        IReadOnlyList<string>? negative = reference.Texts("negative");
        return request with
        {
            Prompt = prompts[0],
            Prompts = prompts.Count > 1 ? prompts : null,
            NegativePrompt = negative is { Count: 1 } ? negative[0] : null,
            NegativePrompts = negative is { Count: > 1 } ? negative : null,
        };
    }

    private static InpaintingRequest Inpainting(Case reference)
    {
        var picture = reference.Picture("image");
        return new InpaintingRequest("", picture, ImageTensors.LoadMask(reference.FileAt(reference.Text("mask")!), (int)picture.Lengths[3], (int)picture.Lengths[2]));
    }

    // The arguments of a genuine pipeline that are options of a scheduler here.
    private static IScheduler? Scheduler(Case reference)
    {
        IScheduler? scheduler = reference.Scheduler is { } path ? SchedulerConfig.Load(path, reference.IsCorrectedByThePipeline ? "StableDiffusionPipeline" : null) : null;
        double? eta = reference.Number("eta") ?? reference.Number("tcd_eta");
        return (scheduler ?? (eta > 0 ? Pipeline(reference.Folder).Scheduler : null), eta) switch
        {
            // The request says it by its name alone.
            (DdimScheduler ddim, _) when reference.Said("name").GetString() == "ddim_clipped_model_output" => new DdimScheduler(ddim.Options with { UseClippedModelOutput = true }),
            (DdimScheduler ddim, { } wanted) => new DdimScheduler(ddim.Options with { Eta = wanted }),
            (TcdScheduler tcd, { } wanted) => new TcdScheduler(tcd.Options with { Eta = wanted }),
            (_, > 0) => throw new NotSupportedException($"An eta of {eta} for {scheduler}."),
            _ => scheduler,
        };
    }
}
