namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Changes a weight on its way into a graph. What it adds are nodes over constants, which ONNX Runtime computes once while it loads the model.</summary>
internal interface IWeightAdapter
{
    /// <param name="weight">The weight.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The weight that the network is to have in its place.</returns>
    Value Apply(Value weight, IReadOnlyList<long> shape);
}
