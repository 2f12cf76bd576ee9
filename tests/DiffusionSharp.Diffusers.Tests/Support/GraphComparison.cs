using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.OnnxRuntime.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionSharp.Diffusers.Tests.Support;

/// <summary>Runs a graph of ours and one that was exported from the same weights on the same numbers.</summary>
internal static class GraphComparison
{
    /// <summary>The largest difference of any output, over that output's standard deviation.</summary>
    /// <param name="ours">Our graph.</param>
    /// <param name="exported">The exported one's file.</param>
    /// <param name="shape">The shape of an input by its name in the exported graph.</param>
    /// <param name="largestId">Ids, where an input is of whole numbers, are below.</param>
    /// <param name="time">The timestep.</param>
    public static double Difference(ModelSource ours, string exported, Func<string, int[]> shape, int largestId = 1000, float time = 431) =>
        Compare(ours, ModelSource.File(exported), shape, largestId, time, differences => differences.Max());

    /// <summary>The root mean square of the differences from another graph of ours of any output, over that output's standard deviation.</summary>
    public static double RootMeanSquare(ModelSource ours, ModelSource other, Func<string, int[]> shape) =>
        Compare(ours, other, shape, largestId: 1000, time: 431, differences => Math.Sqrt(differences.Average(difference => difference * difference)));

    private static double Compare(ModelSource ours, ModelSource other, Func<string, int[]> shape, int largestId, float time, Func<IEnumerable<double>, double> measure)
    {
        using InferenceSession theirs = other.Open(new SessionOptions());
        using InferenceSession mine = ours.Open(new SessionOptions());
        var random = new Random(1);
        List<NamedOnnxValue> inputs = [.. theirs.InputMetadata.Select(input => Input(input.Key, input.Value, shape(input.Key), random, largestId, time))];
        List<NamedOnnxValue> mapped = [.. inputs.Select(input => input.Name == "timestep"
            ? Timestep(mine.InputMetadata[input.Name].Dimensions.Length > shape(input.Name).Length ? [shape("sample")[0]] : shape(input.Name), time)
            : As(mine.InputMetadata[input.Name].ElementDataType, input))];
        Assert.Equal(inputs.Select(input => input.Name).Order(), mine.InputMetadata.Keys.Order());

        string[] outputs = [.. theirs.OutputMetadata.Keys];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> expected = theirs.Run(inputs, outputs);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> found = mine.Run(mapped, outputs is [_] ? [.. mine.OutputMetadata.Keys] : outputs);
        return outputs.Index().Max(output => Compare(expected[output.Index], found[output.Index], measure));
    }

    private static double Compare(DisposableNamedOnnxValue expected, DisposableNamedOnnxValue found, Func<IEnumerable<double>, double> measure)
    {
        Assert.Equal(expected.AsTensor<float>().Dimensions.ToArray(), found.AsTensor<float>().Dimensions.ToArray());
        float[] numbers = [.. expected.AsTensor<float>()];
        double mean = numbers.Average();
        double deviation = Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean)));
        Assert.True(deviation > 1e-3, $"The output {expected.Name} is constant, so it shows nothing.");
        return measure(numbers.Zip(found.AsTensor<float>(), (a, b) => double.IsNaN(b) ? double.PositiveInfinity : Math.Abs((double)a - b))) / deviation;
    }

    private static NamedOnnxValue Input(string name, NodeMetadata metadata, int[] shape, Random random, int largestId, float time)
    {
        int count = shape.Aggregate(1, (product, extent) => product * extent);
        if (metadata.ElementDataType == TensorElementType.Int64)
        {
            return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(Enumerable.Range(0, count).Select(_ => name == "timestep" ? (long)time : random.NextInt64(largestId)).ToArray(), shape));
        }

        if (metadata.ElementDataType == TensorElementType.Bool)
        {
            // A mask, in which the first of each row counts.
            return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<bool>(Enumerable.Range(0, count).Select(i => i % shape[^1] == 0 || random.Next(2) == 0).ToArray(), shape));
        }

        return name == "timestep" ? Timestep(shape, time) : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray(), shape));
    }

    // Numbers that are embedded as times are, as noise levels, are whole in exports.
    private static NamedOnnxValue As(TensorElementType type, NamedOnnxValue input) => type == TensorElementType.Float && input.Value is DenseTensor<long> whole
        ? NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(whole.Select(number => (float)number).ToArray(), whole.Dimensions))
        : input;

    // Ours takes one for each row, of floats.
    private static NamedOnnxValue Timestep(int[] shape, float time) =>
        NamedOnnxValue.CreateFromTensor("timestep", new DenseTensor<float>(Enumerable.Repeat(time, shape.Aggregate(1, (product, extent) => product * extent)).ToArray(), shape));
}
