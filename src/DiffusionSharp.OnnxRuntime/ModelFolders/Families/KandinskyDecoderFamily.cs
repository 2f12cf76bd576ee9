using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The decoder of Kandinsky 2.2 (Razzhigaev et al. 2023, arXiv:2310.03502): from the embedding of a picture to the picture, over the latents of a codebook that are decoded as they are.</summary>
internal sealed class KandinskyDecoderFamily : ModelFamily
{
    private const string Embedding = "image_embeds";
    private const string Whole = "movq";
    private const string Decoder = "movq_decoder";

    public override IReadOnlyList<string> Classes { get; } = ["KandinskyV22Pipeline"];

    public override IReadOnlyList<string> Components { get; } = ["unet", Whole, "scheduler"];

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        Loading<OnnxNoisePredictor> unet = folder.NoisePredictor("unet");

        // An export has the half that is needed.
        string component = folder.Index.HasFolder(Decoder) ? Decoder : Whole;
        LatentSpace space = new RoundedSpace(AutoencoderConfig.Beside(folder.Index.PathOf(component, "model.onnx")) with { Scale = 1 });
        Loading<OnnxLatentDecoder> movq = folder.Load(Decoder, Whole, (source, onnx, token) => new OnnxLatentDecoder(source, space, onnx, token));
        var autoencoder = new FolderAutoencoder(space, movq, null, folder.Tiling(null));
        return builder =>
        {
            autoencoder.Use(builder);
            builder
                .UseNoisePredictor(folder.Batched(unet.Value))
                .UseConditions(new ImageEmbeddingConditions(unet.Value.WidthOf(Embedding, "encoder_hid_dim")))
                .UseDefaults(folder.Defaults(unet.Value, autoencoder, new GenerationDefaults { Steps = 100, GuidanceScale = 4 }));
        };
    }
}
