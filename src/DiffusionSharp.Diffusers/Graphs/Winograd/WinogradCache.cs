using System.Security.Cryptography;
using System.Text;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>
/// Filters in the form that <see cref="WinogradConvolution"/> takes them, each in a safetensors file of its own that is made once. A file says which
/// weights it was made of, and is made again when these are no longer the same.
/// </summary>
/// <param name="folder">The folder of the files, which need not exist yet.</param>
internal sealed class WinogradCache(string folder)
{
    private const string Filters = "filters";
    private const string Source = "source";
    private const int SamplePart = 1 << 16;

    /// <summary>The filters of a convolution, <c>[points², C, K]</c>.</summary>
    /// <param name="w">The weights of the convolution.</param>
    /// <param name="form">The form.</param>
    /// <param name="channels">K.</param>
    /// <param name="inChannels">C.</param>
    /// <exception cref="ModelFormatException">The weights are missing or have another shape, or the file cannot be written.</exception>
    public Value Get(Weights w, WinogradForm form, int channels, int inChannels)
    {
        long[] shape = [channels, inChannels, WinogradForm.Taps, WinogradForm.Taps];
        return w.Unchanged("weight", shape) is { } stored
            ? w.Graph.Weight(Find(stored, form) ?? Make(stored, form), ShapeOf(stored, form))
            : Transformed(w.Tensor("weight", shape), form, inChannels, channels);
    }

    // What a LoRA has changed is transformed while the model is loaded.
    private static Value Transformed(Value weight, WinogradForm form, int inChannels, int channels)
    {
        Graph graph = weight.Graph;
        const int Taps = WinogradForm.Taps * WinogradForm.Taps;
        int points = form.Points * form.Points;
        Value matrix = graph.Constant(WinogradForm.Squared(form.G), points, Taps);
        Value taps = weight.Reshape((long)channels * inChannels, Taps).Transpose(1, 0);
        return graph.Node("MatMul", channels, [matrix, taps]).Reshape(points, channels, inChannels).Transpose(0, 2, 1);
    }

    private string PathOf(StoredTensor weight, WinogradForm form) => Path.Combine(folder, $"{weight.Name}.f{form.Outputs}.safetensors");

    private StoredTensor? Find(StoredTensor weight, WinogradForm form)
    {
        string path = PathOf(weight, form);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var file = SafetensorsFile.Open(path);
            return file.Metadata.GetValueOrDefault(Source) == Identity(weight) && file.Tensors.TryGetValue(Filters, out StoredTensor? filters) && filters.Shape.SequenceEqual(ShapeOf(weight, form))
                ? filters
                : null;
        }
        catch (ModelFormatException)
        {
            // Damaged: it is made again.
            return null;
        }
    }

    private StoredTensor Make(StoredTensor weight, WinogradForm form)
    {
        string path = PathOf(weight, form);
        string unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(folder);
            try
            {
                using (FileStream file = File.Create(unfinished))
                {
                    SafetensorsWriter.WriteHeader(file, Filters, ShapeOf(weight, form), new Dictionary<string, string> { [Source] = Identity(weight) });
                    new WinogradTransform(weight, form).Write(file);
                }

                // A file is there whole or not at all, whoever else is making it.
                File.Move(unfinished, path, overwrite: true);
            }
            catch
            {
                File.Delete(unfinished);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"the transformed weights cannot be written: {e.Message} Set {nameof(FastSizes)}.{nameof(FastSizes.CacheFolder)} to a folder with room for them.", e);
        }

        return Find(weight, form) ?? throw new ModelFormatException(path, "was written and cannot be read again: something else changes the file.");
    }

    private static long[] ShapeOf(StoredTensor weight, WinogradForm form) => [form.Points * form.Points, weight.Shape[1], weight.Shape[0]];

    // Which file, when it was changed, and the ends of the tensor: gigabytes are not read to see that nothing has changed.
    private static string Identity(StoredTensor weight)
    {
        using FileStream file = File.OpenRead(weight.Path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{weight.Name} {weight.Type} {weight.ShapeText} {weight.Offset} {file.Length} {File.GetLastWriteTimeUtc(file.SafeFileHandle).Ticks}"));
        var part = new byte[Math.Min(SamplePart, weight.Length)];
        foreach (long offset in (ReadOnlySpan<long>)[weight.Offset, weight.Offset + weight.Length - part.Length])
        {
            file.Seek(offset, SeekOrigin.Begin);
            file.ReadExactly(part);
            hash.AppendData(part);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
