using System.Numerics;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The cascade of folders of one pipeline each: the first draws, and each of the others enlarges what comes before it (Ho et al. 2021, arXiv:2106.15282).</summary>
internal sealed class FolderCascade
{
    private readonly DiffusionPipeline[] _pipelines;

    private FolderCascade(IReadOnlyList<DiffusionPipeline> pipelines) => _pipelines = [.. pipelines];

    /// <summary>Puts pipelines in sequence.</summary>
    /// <param name="pipelines">At least two, of which all but the first take a <see cref="LowResolution"/>.</param>
    public static Cascade Of(IReadOnlyList<DiffusionPipeline> pipelines)
    {
        var stages = new FolderCascade(pipelines);
        Cascade cascade = Cascade.Start(pipelines[0], stages.First);
        for (int i = 1; i < pipelines.Count; i++)
        {
            int stage = i;
            cascade = cascade.Then(pipelines[i], state => stages.Next(stage, state));
        }

        (GenerationDefaults defaults, int multiple) = stages.Defaults();
        return cascade.WithDefaults(defaults).WithSizeMultiple(multiple).Owning();
    }

    private static UpscalerSettings Settings(GenerationRequest request) => request.Part<UpscalerSettings>() ?? new UpscalerSettings();

    private static LowResolutionConditions Shown(DiffusionPipeline upscaler) => upscaler.Conditions.OfType<LowResolutionConditions>().Single();

    private GenerationRequest First(GenerationRequest request)
    {
        RequireLevel(Settings(request).NoiseLevel);
        return request with { Width = Side(0, request.Width), Height = Side(0, request.Height), Decodes = !Shown(_pipelines[1]).ShowsLatents };
    }

    private GenerationRequest Next(int stage, CascadeState state)
    {
        DiffusionPipeline pipeline = _pipelines[stage];
        LowResolutionConditions shown = Shown(pipeline);
        UpscalerSettings settings = Settings(state.Request);
        LowResolution small = shown.ShowsLatents ? new LowResolution(state.Result.Latents) { IsLatent = true } : LowResolution.FromResult(state.Result);
        bool hasOwnSize = pipeline.LatentSpace is not UpscaledSpace;
        return Prompts(pipeline, state.Request) with
        {
            Count = state.Request.Count,
            Seed = state.Results[0].Request.Seed,
            Seeds = state.Request.Seeds,
            Steps = settings.Steps,
            GuidanceScale = settings.GuidanceScale,
            Width = hasOwnSize ? Side(stage, state.Request.Width) : null,
            Height = hasOwnSize ? Side(stage, state.Request.Height) : null,
            Decodes = stage == _pipelines.Length - 1 ? state.Request.Decodes : !Shown(_pipelines[stage + 1]).ShowsLatents,
            Parts = [.. state.Request.Parts.Where(part => part.Condition is null && part is not LowResolution), small with { NoiseLevel = shown.Augmentation is null ? null : settings.NoiseLevel }],
        };
    }

    private static GenerationRequest Prompts(DiffusionPipeline pipeline, GenerationRequest request) => request is TextToImageRequest text && pipeline.TextEncoders.Count > 0
        ? new TextToImageRequest(text.Prompt) { Prompts = text.Prompts, NegativePrompt = text.NegativePrompt, NegativePrompts = text.NegativePrompts }
        : new GenerationRequest();

    // Before the first stage begins, for it would have worked in vain.
    private void RequireLevel(int? level)
    {
        NoiseAugmentation[] noised = [.. _pipelines.Skip(1).Select(pipeline => Shown(pipeline).Augmentation).OfType<NoiseAugmentation>()];
        if (level is not null && noised.Length == 0)
        {
            throw new ArgumentException($"No stage noises what it enlarges: leave {nameof(UpscalerSettings)}.{nameof(UpscalerSettings.NoiseLevel)} out.", nameof(UpscalerSettings.NoiseLevel));
        }

        if (noised.Length > 0 && level > noised.Min(augmentation => augmentation.Largest))
        {
            throw new ArgumentOutOfRangeException(nameof(UpscalerSettings.NoiseLevel), level, $"{nameof(UpscalerSettings)}.{nameof(UpscalerSettings.NoiseLevel)}: the stages that enlarge know noise levels from 0 to {noised.Min(augmentation => augmentation.Largest)}.");
        }
    }

    // The side of a stage's picture, where the last one's says it: behind a network that has a size of its own it does not.
    private int? Side(int stage, int? last)
    {
        for (int i = _pipelines.Length - 1; i > stage; i--)
        {
            last = _pipelines[i].LatentSpace is UpscaledSpace space ? last / space.Times : null;
        }

        return last;
    }

    private (GenerationDefaults Defaults, int SizeMultiple) Defaults()
    {
        GenerationDefaults defaults = _pipelines[0].Defaults;
        int multiple = _pipelines[0].SizeMultiple;
        foreach (DiffusionPipeline pipeline in _pipelines.Skip(1))
        {
            (int width, int height, int sides) = pipeline.LatentSpace is UpscaledSpace { Times: int times }
                ? (defaults.Width * times, defaults.Height * times, LeastMultiple(multiple * times, pipeline.SizeMultiple))
                : (pipeline.Defaults.Width, pipeline.Defaults.Height, pipeline.SizeMultiple);
            (defaults, multiple) = (defaults with { Width = width, Height = height }, sides);
        }

        return (defaults, multiple);
    }

    private static int LeastMultiple(int a, int b) => a / (int)BigInteger.GreatestCommonDivisor(a, b) * b;
}
