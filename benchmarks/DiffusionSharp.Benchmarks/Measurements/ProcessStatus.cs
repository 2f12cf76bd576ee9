using System.Globalization;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>What Linux says of this process's memory; only there can a process's peak be read.</summary>
internal static class ProcessStatus
{
    /// <summary>An amount of memory, in bytes.</summary>
    /// <param name="key">Its name in <c>/proc/self/status</c>, such as VmHWM for the peak.</param>
    public static long Bytes(string key)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith($"{key}:", StringComparison.Ordinal));
        return long.Parse(line.Split(':', 'k')[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Lets the peak, VmHWM, begin anew at what the process has now.</summary>
    public static void ForgetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");
}
