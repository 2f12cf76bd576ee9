using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The autoencoder of a folder, which the index names as one or in halves. Without its encoder pictures can only be drawn.</summary>
internal sealed record FolderAutoencoder(LatentSpace Space, Loading<OnnxLatentDecoder> Decoder, Loading<OnnxLatentEncoder>? Encoder)
{
    public const string DecoderName = "vae_decoder";
    public const string EncoderName = "vae_encoder";

    /// <summary>The names of whole autoencoders.</summary>
    public static IReadOnlyList<string> Wholes { get; } = ["vae", "vqvae"];

    /// <summary>All names, for the components of a family.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Wholes, DecoderName, EncoderName];

    /// <summary>Gives the halves to a builder.</summary>
    public void Use(DiffusionPipelineBuilder builder)
    {
        builder.UseLatentDecoder(Decoder.Value);
        if (Encoder is not null)
        {
            builder.UseLatentEncoder(Encoder.Value);
        }
    }
}
