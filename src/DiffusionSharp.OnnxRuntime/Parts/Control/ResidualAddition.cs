using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// Adds residuals where the models run, by a graph of two operators: <c>out = sum + residual·weight</c>, with a weight for each row. On a device they would have to
/// travel to be added elsewhere, about 100 MB a call for SDXL.
/// </summary>
internal sealed class ResidualAddition : IDisposable
{
    private readonly IReadOnlyList<OnnxTensorInfo> _inputs;
    private readonly OnnxSession _session;

    /// <param name="inputs">The UNet's inputs for the sums, all of one element type.</param>
    /// <param name="options">How the UNet is executed.</param>
    public ResidualAddition(IReadOnlyList<OnnxTensorInfo> inputs, OnnxOptions options)
    {
        _inputs = inputs;
        string type = inputs[0].ElementType == TensorElementType.Float16 ? "float16" : "float32";
        using Stream graph = typeof(ResidualAddition).Assembly.GetManifestResourceStream($"residual-addition.{type}.onnx")!;
        using var bytes = new MemoryStream();
        graph.CopyTo(bytes);
        _session = OnnxSession.Load(ModelSource.Bytes(bytes.ToArray(), "addition of residuals"), options);
    }

    /// <summary>Sums of what nets gave, for one number of rows.</summary>
    public ResidualSums Start(ControlNetRun[] nets, PredictionPlan plan) => new(_session, _inputs, nets, plan);

    public void Dispose() => _session.Dispose();
}
