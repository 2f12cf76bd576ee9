using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;

namespace DiffusionSharp.Diffusers.TextualInversions;

/// <summary>The vectors that one text encoder gets for a new word: rows behind those that its table of tokens has.</summary>
/// <param name="Token">The word.</param>
/// <param name="Vectors">Its vectors, <c>[N, C]</c> or <c>[C]</c>.</param>
internal sealed record NewWord(string Token, StoredTensor Vectors) : IWeightAdapter
{
    // What files of the web UIs call the vectors of each encoder.
    private static readonly (string Name, string Network)[] Encoders = [("emb_params", "text_encoder"), ("clip_l", "text_encoder"), ("clip_g", "text_encoder_2")];

    /// <summary>How many tokens the word is.</summary>
    public int Count => Vectors.Shape.Count == 2 ? (int)Vectors.Shape[0] : 1;

    /// <summary>Reads a file.</summary>
    /// <returns>The word for each text encoder that the file has vectors for, by the encoder's folder.</returns>
    /// <exception cref="ModelFormatException">The file is damaged, or none of a textual inversion.</exception>
    public static IReadOnlyDictionary<string, NewWord> Read(TextualInversion inversion)
    {
        var file = SafetensorsFile.Open(inversion.Path);
        string fallback = inversion.Token ?? System.IO.Path.GetFileNameWithoutExtension(file.Path);
        var words = new Dictionary<string, NewWord>(StringComparer.Ordinal);
        foreach (StoredTensor tensor in file.Tensors.Values)
        {
            (string name, string network) = Array.Find(Encoders, encoder => encoder.Name == tensor.Name);
            if (tensor.Shape.Count is not (1 or 2) || (name is null && file.Tensors.Count > 1))
            {
                throw new ModelFormatException(file.Path, $"the tensor '{tensor.Name}' of shape {tensor.ShapeText} is none of a textual inversion: expected vectors under the word's name, or 'emb_params', or 'clip_l' and 'clip_g'.");
            }

            words[network ?? "text_encoder"] = new NewWord(name is null ? inversion.Token ?? tensor.Name : fallback, tensor);
        }

        return words;
    }

    public Value Apply(Value weight, IReadOnlyList<long> shape)
    {
        long channels = shape[1];
        if (Vectors.Shape[^1] != channels)
        {
            throw new ModelFormatException(Vectors.Path, $"the vectors of '{Token}' have {Vectors.Shape[^1]} channels, but those of the model {channels}: they were made for another model.");
        }

        return Shapes.Concat(0, weight, weight.Graph.Weight(Vectors, [Count, channels])).WithChannels((int)channels);
    }
}
