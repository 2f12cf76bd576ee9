using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// The prior of a folder: from a prompt to the embedding of a picture by diffusion over embeddings (Ramesh et al. 2022, arXiv:2204.06125, section 2.2). It ends
/// in a sample, of which <see cref="EmbeddingSpace.Embeddings"/> makes embeddings.
/// </summary>
internal sealed class PriorStage
{
    private const string Component = "prior";

    private readonly FolderReader _folder;
    private readonly Loading<OnnxNoisePredictor> _prior;
    private readonly Loading<OnnxTextEncoder> _text;

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="prefix">What stands before the names of tokenizer and text encoder.</param>
    public PriorStage(FolderReader folder, string prefix)
    {
        _folder = folder;
        _prior = folder.NoisePredictor(Component);
        _text = folder.RequireTextEncoder(prefix + "text_encoder", prefix + "tokenizer", givesMask: true);
        Space = ReadSpace(folder, Component, "clip_mean", "clip_std", "post_process_latents.json");
    }

    public EmbeddingSpace Space { get; }

    /// <summary>Gives the parts to a builder.</summary>
    /// <param name="builder">The builder, which has a scheduler.</param>
    /// <param name="guidance">The guidance.</param>
    public DiffusionPipelineBuilder Use(DiffusionPipelineBuilder builder, IGuidance guidance) => builder
        .UseNoisePredictor(_folder.Batched(_prior.Value))
        .UseTextEncoder(_folder.Cached(_text))
        .UseLatentSpace(Space)
        .UseGuidance(guidance);

    /// <summary>What the prior is asked for: the prompts and seeds of the user's request, with steps and guidance of its own.</summary>
    public static GenerationRequest RequestOf(GenerationRequest request, float guidanceScale) => request with
    {
        Scheduler = null,
        Steps = (request.Part<UnclipSettings>() ?? new UnclipSettings()).PriorSteps,
        Timesteps = null,
        Sigmas = null,
        GuidanceScale = guidanceScale,
        GuidanceScales = null,
    };

    /// <summary>The space of embeddings whose mean and deviation a component has.</summary>
    public static EmbeddingSpace ReadSpace(FolderReader folder, string component, string mean, string deviation, string exported)
    {
        try
        {
            return new EmbeddingSpace(folder.Vector(component, mean, exported), folder.Vector(component, deviation, exported));
        }
        catch (ArgumentException e)
        {
            throw new ModelFormatException(folder.Index.PathOf(component), e.Message, e);
        }
    }
}
