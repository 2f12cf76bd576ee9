using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The autoencoder of a folder, which the index names as one or in halves. Without its encoder pictures can only be drawn.</summary>
internal sealed record FolderAutoencoder(LatentSpace Space, Loading<OnnxLatentDecoder> Decoder, ILatentEncoder? Encoder, LatentTiling? Tiling)
{
    public const string DecoderName = "vae_decoder";
    public const string EncoderName = "vae_encoder";

    /// <summary>The names of whole autoencoders.</summary>
    public static IReadOnlyList<string> Wholes { get; } = ["vae", "vqvae"];

    /// <summary>All names, for the components of a family.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Wholes, DecoderName, EncoderName];

    /// <summary>The decoder when all models are loaded, of large pictures in tiles.</summary>
    public ILatentDecoder LatentDecoder => Tiling is null ? Decoder.Value : new TiledLatentDecoder(Decoder.Value, Tiling);

    /// <summary>Gives the halves to a builder.</summary>
    public void Use(DiffusionPipelineBuilder builder)
    {
        builder.UseLatentDecoder(LatentDecoder);
        if (Encoder is not null)
        {
            builder.UseLatentEncoder(Tiling is null ? Encoder : new TiledLatentEncoder(Encoder, Tiling));
        }
    }
}
