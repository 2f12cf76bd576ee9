namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>UNets without a prompt, at most with a class, over pixels (Ho et al. 2020, arXiv:2006.11239) or over the latents of an autoencoder.</summary>
internal sealed class UnconditionalFamily : UNetFamily
{
    private static readonly string[] OfPixels =
        ["DDPMPipeline", "DDIMPipeline", "PNDMPipeline", "ScoreSdeVePipeline", "KarrasVePipeline", "ConsistencyModelPipeline", "RePaintPipeline"];

    public override IReadOnlyList<string> Classes { get; } = [.. OfPixels, "LDMPipeline"];

    public override IReadOnlyList<string> Components { get; } = ["unet", "scheduler", .. FolderAutoencoder.Names];

    protected override bool MayHaveAnyChannels(FolderIndex index) => OfPixels.Contains(index.PipelineClass);
}
