using DiffusionSharp.Guidance;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The prior of Kandinsky 2.2 (Razzhigaev et al. 2023, arXiv:2310.03502): from a prompt to the embedding of a picture.</summary>
internal sealed class KandinskyPriorFamily : ModelFamily
{
    public override IReadOnlyList<string> Classes { get; } = ["KandinskyV22PriorPipeline"];

    public override IReadOnlyList<string> Components { get; } = ["tokenizer", "text_encoder", "prior", "scheduler"];

    // For embeddings of pictures, which requests bring.
    public override IReadOnlyList<string> Dispensable { get; } = ["image_encoder", "image_processor"];

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        var prior = new PriorStage(folder, "");
        return builder => prior.Use(builder, new ClassifierFreeGuidance()).UseDefaults(folder.Defaults(new GenerationDefaults { Steps = 25, GuidanceScale = 4 }));
    }
}
