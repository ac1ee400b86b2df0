/**
 * Reads and writes of serial ports, and files, share Node's thread pool, and a blocked write holds a thread. The size is
 * read when the pool is first used, so this is imported before everything else.
 */
process.env.UV_THREADPOOL_SIZE = '16'
