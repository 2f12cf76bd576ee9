using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>The residuals of one ControlNet for one number of rows. They stay where the model runs.</summary>
internal sealed class ControlNetRun : IDisposable
{
    private readonly NetworkInputs _inputs;
    private readonly IReadOnlyList<OnnxTensorInfo> _outputs;
    private readonly ModelBuffer? _one;
    private IDisposableReadOnlyCollection<OrtValue>? _values;

    public ControlNetRun(OnnxControlNet net, PredictorLayout layout, int index, PredictionPlan plan)
    {
        _outputs = net.Residuals;
        _inputs = new NetworkInputs(net.Session, layout, plan);
        try
        {
            Weights = new ControlWeights(index, plan.Shape.Batch, _outputs.Count);
            Weights.Write(0, plan.Conditioning);
            if (net.Scale is { } scale)
            {
                _one = _inputs.Session.CreateBuffer(scale, scale.Rank == 0 ? [] : [scale.Fixed(0) ?? plan.Shape.Batch]);
                _one.Fill(1);
                _inputs.Bind(scale.Name, _one.Value);
            }

            foreach (OnnxTensorInfo output in _outputs)
            {
                _inputs.Session.BindOutput(_inputs.Binding, output);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ControlWeights Weights { get; }

    /// <summary>What the net gave, the shallowest first: the same memory in each call. None before the first one, which tells their shapes.</summary>
    public OrtValue[] Residuals { get; private set; } = [];

    public void SetConditions(Conditioning conditioning)
    {
        _inputs.SetConditions(conditioning);
        Weights.Write(0, conditioning);
    }

    public void SetConditions(int row, Conditioning conditioning)
    {
        _inputs.SetConditions(row, conditioning);
        Weights.Write(row, conditioning);
    }

    /// <summary>Runs the net, unless it has no weight; but the first time always.</summary>
    public void Run(ReadOnlySpan<float> sample, ReadOnlySpan<double> timesteps)
    {
        if (_values is not null && !Weights.IsAny)
        {
            return;
        }

        sample.CopyTo(_inputs.Sample);
        _inputs.SetTimesteps(timesteps);
        _inputs.Run();
        if (_values is null)
        {
            Keep(_inputs.Binding.GetOutputValues());
        }
    }

    public void Dispose()
    {
        _values?.Dispose();
        _one?.Dispose();
        _inputs.Dispose();
    }

    // Their shapes are known now, and their memory is that of all further calls.
    private void Keep(IDisposableReadOnlyCollection<OrtValue> values)
    {
        _values = values;
        Residuals = [.. values];
        for (int i = 0; i < Residuals.Length; i++)
        {
            _inputs.Binding.BindOutput(_outputs[i].Name, Residuals[i]);
        }
    }
}
