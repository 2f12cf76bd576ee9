using System.Runtime.InteropServices;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.OnnxRuntime.TextualInversions;

/// <summary>The vectors that one text encoder gets for a new word: rows behind those that its table of tokens has.</summary>
/// <param name="Token">The word.</param>
/// <param name="Vectors">Its vectors, <c>[N, C]</c> or <c>[C]</c>.</param>
internal sealed record NewWord(string Token, StoredTensor Vectors)
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

    /// <summary>How many numbers a vector has.</summary>
    public long Width => Vectors.Shape[^1];

    /// <summary>Its vectors, one behind another.</summary>
    /// <exception cref="ModelFormatException">They are no floating-point numbers, or the file cannot be read.</exception>
    public float[] Values()
    {
        byte[] bytes = Vectors.ReadBytes();
        return Vectors.Type switch
        {
            StoredType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            StoredType.Float16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value),
            StoredType.BFloat16 => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), value => BitConverter.Int32BitsToSingle(value << 16)),
            StoredType.Float64 => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), value => (float)value),
            _ => throw new ModelFormatException(Vectors.Path, $"the vectors of '{Token}' have elements of {StoredTypes.NameOf(Vectors.Type)}: expected F32, F16, BF16 or F64."),
        };
    }
}
