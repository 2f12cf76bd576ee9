namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>How a UNet is told a class, which joins the embedded time; in none of these ways where it has no class.</summary>
internal sealed record ClassSettings
{
    /// <summary>How many classes, or noise levels, have an embedding; null where the class is none of a list.</summary>
    public required int? Count { get; init; }

    /// <summary>Channels of a class that is a vector, and is embedded; null for others.</summary>
    public required int? VectorChannels { get; init; }

    /// <summary>Whether it is a number that is embedded as a timestep is.</summary>
    public required bool IsTime { get; init; }

    /// <summary>Whether it is a vector that is embedded already: what unCLIP's projection makes of a picture's embedding and a prompt, besides tokens and their mask.</summary>
    public required bool IsEmbedded { get; init; }

    /// <exception cref="ModelFormatException">The configuration asks for something that is not supported.</exception>
    public static ClassSettings Read(NetworkConfig config)
    {
        config.Require("class_embed_type", "\"timestep\"", "\"projection\"", "\"identity\"");
        string? type = config.Text("class_embed_type");
        return new ClassSettings
        {
            Count = type is null ? config.Whole("num_class_embeds") : null,
            VectorChannels = type == "projection" ? config.Whole("projection_class_embeddings_input_dim") : null,
            IsTime = type == "timestep",
            IsEmbedded = type == "identity",
        };
    }
}
