using System.Numerics.Tensors;
using System.Text.Json;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>What a graph answers to known inputs in PyTorch, as training/reference_values.py has written it beside the graph.</summary>
internal sealed class PyTorchAnswer
{
    // Of the outputs' deviation: float32 sums in another order differ by 1e-6 to 1e-5 of it.
    private const double Tolerance = 1e-4;

    private readonly JsonElement _inputs;
    private readonly JsonElement _outputs;

    private PyTorchAnswer(JsonElement root) => (_inputs, _outputs) = (root.GetProperty("inputs"), root.GetProperty("outputs"));

    public static PyTorchAnswer Beside(string model)
    {
        string path = Path.Combine(Path.GetDirectoryName(model)!, "reference.json");
        return new PyTorchAnswer(JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(path)));
    }

    public bool HasInput(string name) => _inputs.TryGetProperty(name, out _);

    public bool HasOutput(string name) => _outputs.TryGetProperty(name, out _);

    /// <summary>An input that is <c>torch.randn(shape)</c> of a seed.</summary>
    public Tensor<float> Noise(string input)
    {
        JsonElement told = _inputs.GetProperty(input);
        nint[] shape = Shape(told);
        var values = new float[(int)TensorPrimitives.Product<nint>(shape)];
        new TorchCpuNoise(told.GetProperty("seed").GetInt64()).Fill(values);
        return Tensor.Create(values, shape);
    }

    /// <summary>An input that is told value by value.</summary>
    public double[] Values(string input) => [.. _inputs.GetProperty(input).GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];

    public nint[] OutputShape(string output) => Shape(_outputs.GetProperty(output));

    /// <summary>Compares the first values, the mean and the standard deviation.</summary>
    public void AssertEqual(string output, ReadOnlySpan<float> actual)
    {
        JsonElement told = _outputs.GetProperty(output);
        Assert.Equal((int)TensorPrimitives.Product<nint>(Shape(told)), actual.Length);
        double deviation = told.GetProperty("deviation").GetDouble();
        Near($"{output}, deviation", deviation, TensorPrimitives.StdDev(actual), deviation);
        Near($"{output}, mean", told.GetProperty("mean").GetDouble(), TensorPrimitives.Average(actual), deviation);
        int i = 0;
        foreach (JsonElement value in told.GetProperty("first").EnumerateArray())
        {
            Near($"{output}, value {i}", value.GetDouble(), actual[i++], deviation);
        }
    }

    private static nint[] Shape(JsonElement told) => [.. told.GetProperty("shape").EnumerateArray().Select(extent => (nint)extent.GetInt32())];

    private static void Near(string what, double expected, double actual, double magnitude) =>
        Assert.True(Math.Abs(expected - actual) <= Tolerance * magnitude, $"{what}: {actual:R}, in PyTorch {expected:R}; that is {Math.Abs(expected - actual) / magnitude:0.0e0} of the outputs' deviation, allowed is {Tolerance:0e0}.");
}
