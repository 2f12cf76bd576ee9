using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>The inputs of a noise predictor that stay the same from step to step, row by row.</summary>
internal sealed class BoundConditions : IDisposable
{
    private readonly PredictorLayout _layout;
    private readonly int _rows;
    private readonly ModelBuffer[] _buffers;
    private bool _changed;

    /// <summary>Allocates what conditions need, of the shapes that they have.</summary>
    public BoundConditions(SessionLease session, PredictorLayout layout, SampleShape shape, Conditioning conditioning)
    {
        _layout = layout;
        _rows = shape.Batch;
        _buffers = [.. layout.Conditions.Select(input => session.CreateBuffer(input.Tensor, input.Shape(conditioning, _rows)))];
    }

    /// <summary>Whether conditions have the shapes of the buffers.</summary>
    public bool Fit(Conditioning conditioning)
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            if (!_buffers[i].HasShape(_layout.Conditions[i].Shape(conditioning, _rows)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes rows of conditions; shared parts are written whole, and those that are not among them stay as they are.</summary>
    public void Write(int row, Conditioning conditioning)
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            _layout.Conditions[i].Write(conditioning, row, _rows, _buffers[i].Floats);
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
        foreach (ModelBuffer buffer in _buffers)
        {
            buffer.Upload();
        }

        return true;
    }

    public void Bind(OrtIoBinding binding)
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            binding.BindInput(_layout.Conditions[i].Tensor.Name, _buffers[i].Value);
        }
    }

    public void Dispose()
    {
        foreach (ModelBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }
    }
}
