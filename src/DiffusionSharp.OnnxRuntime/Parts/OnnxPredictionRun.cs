using System.Numerics.Tensors;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>The predictions of one generation: conditions are bound once, only the sample and the timestep move.</summary>
internal sealed class OnnxPredictionRun : IPredictionRun
{
    private readonly OnnxSession _session;
    private readonly List<ModelBuffer> _buffers = [];
    private readonly OrtIoBinding _binding;
    private readonly ModelRun _run;
    private readonly SampleShape _shape;
    private readonly ModelBuffer _input;
    private readonly ModelBuffer _timestep;
    private readonly ModelBuffer _output;
    private readonly string _inputName;
    private readonly string _timestepName;
    private readonly float[]? _sample;
    private bool _disposed;

    public OnnxPredictionRun(OnnxSession session, PredictorLayout layout, PredictionPlan plan)
    {
        _session = session;
        _shape = plan.Shape;
        (_inputName, _timestepName) = (layout.Sample.Name, layout.Timestep.Name);
        int extra = plan.Conditioning.Concatenated is { } concatenated ? (int)concatenated.Lengths[1] : 0;
        _binding = session.CreateBinding();
        _run = new ModelRun(plan.CancellationToken);
        try
        {
            _input = Allocate(layout.Sample, [_shape.Batch, _shape.Channels + extra, _shape.Height, _shape.Width]);
            _timestep = Allocate(layout.Timestep, layout.Timestep.Rank == 0 ? [] : [layout.Timestep.Fixed(0) ?? _shape.Batch]);
            _output = Allocate(layout.Output, [_shape.Batch, layout.OutputChannels ?? _shape.Channels, _shape.Height, _shape.Width]);
            if (extra > 0)
            {
                _sample = new float[_shape.Length];
                WriteConcatenated(plan.Conditioning.Concatenated!);
            }

            BindConditions(layout, plan.Conditioning);
            _binding.BindInput(_inputName, _input.Value);
            _binding.BindInput(_timestepName, _timestep.Value);
            _binding.BindOutput(layout.Output.Name, _output.Value);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Span<float> Sample => _sample ?? _input.Floats;

    public ReadOnlySpan<float> Prediction => _output.Floats;

    public void Predict(double timestep)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_sample is not null)
        {
            WriteSampleChannels();
        }

        _input.Upload();
        _timestep.Fill(timestep);
        if (!_session.IsOnCpu)
        {
            // Binding copies to the device, so what has changed is bound anew.
            _binding.BindInput(_inputName, _input.Value);
            _binding.BindInput(_timestepName, _timestep.Value);
        }

        _session.Run(_binding, _run);
        _output.Download();
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _run.Dispose();
        _binding.Dispose();
        _buffers.ForEach(buffer => buffer.Dispose());
    }

    private void BindConditions(PredictorLayout layout, Conditioning conditioning)
    {
        BindFloats(layout.Context, conditioning.Context);
        BindFloats(layout.Pooled, conditioning.Pooled);
        foreach (OnnxTensorInfo input in layout.Others)
        {
            BindFloats(input, conditioning.Named[input.Name]);
        }

        if (layout.ClassLabels is { } labels)
        {
            ReadOnlySpan<long> values = conditioning.ClassLabels!.Values();
            ModelBuffer buffer = Allocate(labels, [values.Length]);
            buffer.Write(values);
            _binding.BindInput(labels.Name, buffer.Value);
        }
    }

    private void BindFloats(OnnxTensorInfo? input, Tensor<float>? values)
    {
        if (input is null)
        {
            return;
        }

        ModelBuffer buffer = Allocate(input, Array.ConvertAll(values!.Lengths.ToArray(), extent => (long)extent));
        values.Values().CopyTo(buffer.Floats);
        buffer.Upload();
        _binding.BindInput(input.Name, buffer.Value);
    }

    private ModelBuffer Allocate(OnnxTensorInfo info, long[] shape)
    {
        var buffer = new ModelBuffer(info, _session.Path, shape);
        _buffers.Add(buffer);
        return buffer;
    }

    private void WriteConcatenated(Tensor<float> concatenated)
    {
        ReadOnlySpan<float> values = concatenated.Values();
        int stride = values.Length / _shape.Batch;
        for (int i = 0; i < _shape.Batch; i++)
        {
            values.Slice(i * stride, stride).CopyTo(_input.Floats[((i * (_shape.ImageLength + stride)) + _shape.ImageLength)..]);
        }
    }

    private void WriteSampleChannels()
    {
        int stride = _input.Floats.Length / _shape.Batch;
        for (int i = 0; i < _shape.Batch; i++)
        {
            _sample.AsSpan(i * _shape.ImageLength, _shape.ImageLength).CopyTo(_input.Floats[(i * stride)..]);
        }
    }
}
