using DiffusionSharp.OnnxRuntime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>Makes memory of the processor that is only reached by copies.</summary>
internal sealed class Devices : IDisposable
{
    private long _copies;

    public OnnxOptions Options => new() { CreateDevice = session => new Memory(this, session) };

    public long Copies => _copies;

    public void Dispose() => Assert.True(_copies > 0);

    private sealed unsafe class Memory(Devices owner, InferenceSession session) : DeviceMemory(session, OrtMemoryInfo.DefaultInstance)
    {
        public override void Copy(nint from, nint to, long bytes)
        {
            owner._copies++;
            Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
        }
    }
}
