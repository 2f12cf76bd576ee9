using System.Numerics.Tensors;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>The inputs of a noise predictor that stay the same from step to step, row by row.</summary>
internal sealed class BoundConditions : IDisposable
{
    private readonly PredictorLayout _layout;
    private readonly int _rows;
    private readonly ModelBuffer? _context;
    private readonly ModelBuffer? _pooled;
    private readonly ModelBuffer? _classLabels;
    private readonly ModelBuffer[] _others;
    private bool _changed;

    /// <summary>Allocates what a plan needs, of the shapes that it has.</summary>
    public BoundConditions(SessionLease session, PredictorLayout layout, PredictionPlan plan)
    {
        _layout = layout;
        _rows = plan.Shape.Batch;
        _context = Allocate(session, layout.Context, plan.Conditioning.Context);
        _pooled = Allocate(session, layout.Pooled, plan.Conditioning.Pooled);
        _classLabels = Allocate(session, layout.ClassLabels, plan.Conditioning.ClassLabels);
        _others = [.. layout.Others.Select(input => Allocate(session, input, plan.Conditioning.Named[input.Name])!)];
    }

    public void Write(int row, Conditioning conditioning)
    {
        Write(_context, row, conditioning.Context);
        Write(_pooled, row, conditioning.Pooled);
        _classLabels?.Write(row, conditioning.ClassLabels!.Values());
        for (int i = 0; i < _others.Length; i++)
        {
            Write(_others[i], row, conditioning.Named[_layout.Others[i].Name]);
        }

        _changed = true;
    }

    /// <summary>Brings what was written into the model's element types; false where nothing was.</summary>
    public bool Upload()
    {
        if (!_changed)
        {
            return false;
        }

        _changed = false;
        _context?.Upload();
        _pooled?.Upload();
        foreach (ModelBuffer buffer in _others)
        {
            buffer.Upload();
        }

        return true;
    }

    public void Bind(OrtIoBinding binding)
    {
        Bind(binding, _layout.Context, _context);
        Bind(binding, _layout.Pooled, _pooled);
        Bind(binding, _layout.ClassLabels, _classLabels);
        for (int i = 0; i < _others.Length; i++)
        {
            Bind(binding, _layout.Others[i], _others[i]);
        }
    }

    public void Dispose()
    {
        _context?.Dispose();
        _pooled?.Dispose();
        _classLabels?.Dispose();
        foreach (ModelBuffer buffer in _others)
        {
            buffer.Dispose();
        }
    }

    private static ModelBuffer? Allocate<T>(SessionLease session, OnnxTensorInfo? input, Tensor<T>? values) =>
        input is null ? null : session.CreateBuffer(input, Array.ConvertAll(values!.Lengths.ToArray(), extent => (long)extent));

    private static void Bind(OrtIoBinding binding, OnnxTensorInfo? input, ModelBuffer? buffer)
    {
        if (buffer is not null)
        {
            binding.BindInput(input!.Name, buffer.Value);
        }
    }

    private void Write(ModelBuffer? buffer, int row, Tensor<float>? values)
    {
        if (buffer is not null)
        {
            values!.Values().CopyTo(buffer.Floats[(row * (buffer.Floats.Length / _rows))..]);
        }
    }
}
