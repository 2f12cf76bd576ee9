using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>unCLIP of emojis: the prior, the encoder of pictures beside it, and the decoder before the embedded model's autoencoder.</summary>
public sealed class UnclipModel : IDisposable
{
    private const float Guidance = 1.5f;

    public UnclipModel()
    {
        Prior = OnnxDiffusionPipeline.Load(Companion.PathOf("emoji-prior"));
        Encoder = new OnnxImageEncoder(Companion.PathOf("emoji-prior", "image_encoder", "model.onnx"));
        Nothing = Encoder.EncodeNothing();
        Decoder = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(Companion.Predictor("emoji-unclip"))
            .UseConditions(new ImageEmbeddingConditions(Space.Channels))
            .UseLatentDecoder(new OnnxLatentDecoder(Path.Combine(EmojiPipeline.ModelFolder, "vae_decoder", "model.onnx")))
            .UseScheduler(Companion.Scheduler("emoji-unclip"))
            .UseDefaults(EmojiPipeline.Defaults)
            .Build();
    }

    public DiffusionPipeline Prior { get; }

    public OnnxImageEncoder Encoder { get; }

    public DiffusionPipeline Decoder { get; }

    public Tensor<float> Nothing { get; }

    public EmbeddingSpace Space => (EmbeddingSpace)Prior.LatentSpace;

    /// <summary>The embeddings that the prior makes of prompts, a row each.</summary>
    public Tensor<float> Imagine(params string[] prompts) =>
        Space.Embeddings(Prior.Generate(new TextToImageRequest("") { Prompts = prompts, Count = prompts.Length, GuidanceScale = Guidance, Seed = 0 }).Latents);

    /// <summary>Pictures of embeddings.</summary>
    public IReadOnlyList<GeneratedImage> Draw(Tensor<float> embeddings, int count) =>
        Decoder.Generate(new GenerationRequest { Count = count, GuidanceScale = Guidance, Seed = 0, Parts = [new ImageEmbedding(embeddings) { Negative = Nothing }] }).Images;

    public void Dispose()
    {
        Prior.Dispose();
        Encoder.Dispose();
        Decoder.Dispose();
    }
}
